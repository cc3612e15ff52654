package io.semel.transactions.records;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import io.semel.idempotence.DeadIds;
import io.semel.transactions.records.MetadataRecord.AccessRule;
import io.semel.transactions.records.MetadataRecord.AccessRule.Standing;
import io.semel.transactions.records.MetadataRecord.ProducerIdBlock;
import io.semel.transactions.records.MetadataRecord.ProducerIdsDead;
import io.semel.transactions.records.MetadataRecord.TopicConfig;
import io.semel.transactions.records.MetadataRecord.TopicCreated;
import io.semel.transactions.records.MetadataRecord.TopicDeleted;
import io.semel.transactions.records.MetadataRecord.TopicGrown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class MetadataRecordTest {

    private static final UUID ID = new UUID(1, 2);
    private static final byte[] DEAD = new byte[DeadIds.BLOCK_BYTES];
    private static final TopicCreated CREATED = new TopicCreated(ID, "orders", 3,
            Map.of("retention.ms", "-1", "cleanup.policy", "compact"), 99);
    private static final AccessEntry ENTRY = new AccessEntry((byte) 2, AccessEntry.PREFIXED, "or", "User:x", "*",
            (byte) 3, AccessEntry.ALLOW);
    private static final List<MetadataRecord> ALL = List.of(CREATED, new TopicDeleted(ID, "orders", 100),
            new TopicConfig(ID, Map.of("a", "b")), new TopicConfig(ID, Map.of()), new ProducerIdBlock(1000),
            new ProducerIdsDead(3, DEAD), new TopicGrown(ID, 7), new AccessRule(ENTRY, Standing.IN_FORCE),
            new AccessRule(ENTRY, Standing.REMOVED));

    @Test
    void everyKindComesBackAsItWas() {
        for (MetadataRecord record : ALL) {
            assertEquals(record, MetadataRecord.decode(record.encodeKey(), record.encodeValue()));
        }
    }

    @Test
    void theBytesOfACreationArePinned() {
        assertEquals("0001" + "0000000000000001" + "0000000000000002", hex(CREATED.encodeKey()));
        assertEquals("0001" + "0000" + "0006" + "6f7264657273" + "00000003" + "00000002"
                + "000e" + "636c65616e75702e706f6c696379" + "0007" + "636f6d70616374"
                + "000c" + "726574656e74696f6e2e6d73" + "0002" + "2d31" + "0000000000000063",
                hex(CREATED.encodeValue()));
    }

    @Test
    void theBytesOfAGrowthArePinned() {
        TopicGrown grown = new TopicGrown(ID, 7);
        assertEquals("0006" + "0000000000000001" + "0000000000000002", hex(grown.encodeKey()));
        assertEquals("0006" + "0000" + "00000007", hex(grown.encodeValue()));
    }

    @Test
    void theBytesOfAnAccessRuleArePinned() {
        AccessRule rule = new AccessRule(ENTRY, Standing.IN_FORCE);
        assertEquals("0007" + ENTRY.id().toString().replace("-", ""), hex(rule.encodeKey()));
        assertEquals("0007" + "0000" + "02" + "04" + "0002" + "6f72" + "0006" + "557365723a78" + "0001" + "2a" + "03"
                + "03" + "01", hex(rule.encodeValue()));
        assertEquals("d3e5cdd6", ENTRY.id().toString().substring(0, 8));
        assertEquals(rule.encodeKey(), new AccessRule(ENTRY, Standing.REMOVED).encodeKey());
    }

    @Test
    void changesAreOfTheirTopicAndPartitionsNeverGo() {
        assertEquals(7, CREATED.with(new TopicGrown(ID, 7)).partitionCount());
        assertEquals(3, CREATED.with(new TopicGrown(ID, 2)).partitionCount());
        assertEquals(CREATED, CREATED.with(new TopicGrown(new UUID(1, 3), 7)));
        assertEquals(Map.of("a", "b"), CREATED.with(new TopicConfig(ID, Map.of("a", "b"))).configs());
        assertEquals(CREATED, CREATED.with(new TopicConfig(new UUID(1, 3), Map.of())));
    }

    @Test
    void aKeyNamesOneTopicAndOneKind() {
        TopicConfig config = new TopicConfig(ID, Map.of("a", "b"));
        assertEquals(config.encodeKey(), new TopicConfig(ID, Map.of()).encodeKey());
        assertNotEquals(config.encodeKey(), CREATED.encodeKey());
        assertNotEquals(config.encodeKey(), new TopicConfig(new UUID(1, 3), Map.of()).encodeKey());
    }

    @Test
    void aValueUnderAnotherKindsKeyIsRefused() {
        assertThrows(CorruptRecordException.class,
                () -> MetadataRecord.decode(CREATED.encodeKey(), new ProducerIdBlock(5).encodeValue()));
    }

    @Test
    void damageIsTyped() {
        for (MetadataRecord record : ALL) {
            Cuts.everyCutAndEveryFlipIsTyped(record.encodeValue(),
                    value -> MetadataRecord.decode(record.encodeKey(), value));
            Cuts.everyCutAndEveryFlipIsTyped(record.encodeKey(),
                    key -> MetadataRecord.decode(key, record.encodeValue()));
        }
    }

    private static String hex(ByteBuffer buffer) {
        return HexFormat.of().formatHex(Cuts.bytes(buffer));
    }
}
