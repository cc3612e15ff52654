package io.semel.transactions.groups;

import java.nio.ByteBuffer;

import org.junit.jupiter.api.Test;

import io.semel.transactions.records.CorruptRecordException;
import io.semel.transactions.records.OffsetCommitKey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

class OffsetKeysTest {
    private final OffsetKeys keys = new OffsetKeys();

    @Test
    void aKeyThatCameBeforeIsNotDecodedAgain() {
        OffsetCommitKey first = keys.decode(key("group", "topic", 3).encode());
        assertEquals(key("group", "topic", 3), first);
        assertSame(first, keys.decode(key("group", "topic", 3).encode()));
    }

    @Test
    void keysThatShareASlotAreNotTakenForEachOther() {
        for (int round = 0; round < 2; round++) {
            for (OffsetCommitKey key : new OffsetCommitKey[] {key("group", "topic", 0), key("group", "tipoc", 0),
                key("puorg", "topic", 0), key("group", "topic", OffsetKeys.KEPT), key("group", "topic", 1 << 8)}) {
                assertEquals(key, keys.decode(key.encode()));
            }
        }
    }

    @Test
    void theLegacyTypeOfAKeyIsReadAlike() {
        ByteBuffer legacy = key("group", "topic", 0).encode();
        legacy.putShort(0, (short) 0);
        assertEquals(key("group", "topic", 0), keys.decode(legacy));
        assertEquals(key("group", "topic", 0), keys.decode(key("group", "topic", 0).encode()));
    }

    @Test
    void whatIsKeptDoesNotChangeWithTheBytesItCameFrom() {
        ByteBuffer lent = key("group", "topic", 0).encode();
        OffsetCommitKey first = keys.decode(lent);
        // The fifth byte of the group's name: the buffer is used again for another group.
        lent.put(8, (byte) 'q');
        assertEquals("grouq", keys.decode(lent).group());
        assertEquals("group", first.group());
        assertNotEquals(first, keys.decode(lent));
    }

    @Test
    void aKeyInTheMiddleOfABufferIsReadWhereItLies() {
        ByteBuffer key = key("group", "topic", 7).encode();
        ByteBuffer larger = ByteBuffer.allocateDirect(200).position(50).put(key).flip().position(50);
        assertEquals(key("group", "topic", 7), keys.decode(larger));
        assertEquals(50, larger.position());
    }

    @Test
    void brokenKeysAreRefusedAndForgotten() {
        assertThrows(CorruptRecordException.class, () -> keys.decode(ByteBuffer.allocate(0)));
        assertThrows(CorruptRecordException.class, () -> keys.decode(ByteBuffer.allocate(9)));
        assertThrows(CorruptRecordException.class, () -> keys.decode(ByteBuffer.allocate(9)));
    }

    private static OffsetCommitKey key(String group, String topic, int partition) {
        return new OffsetCommitKey(group, topic, partition);
    }
}
