package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.Claim;
import io.semel.log.Log;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.records.FieldWriter;
import io.semel.transactions.records.OffsetCommitKey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A crash cuts a log at the first claim that was never published: nothing behind it may be decided before (T1). */
class CommitBehindAHoleTest {
    @TempDir
    Path root;
    private BrokerRig rig;
    private final Claim hole = new Claim();
    private final RecordBatchWriter filler = new RecordBatchWriter(256, 8192);

    @BeforeEach
    void open() throws IOException {
        rig = new BrokerRig(root).topics("a", "b");
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    private Log log(String topic) {
        return rig.broker().partition(topic, 0).log();
    }

    /** Another writer claims, and stops in the middle of its copy; returns what it is about to write. */
    private ByteBuffer claimIn(String topic) {
        ByteBuffer encodedKey = new OffsetCommitKey("another group", "in", 0).encode(new FieldWriter()).toBuffer();
        byte[] key = new byte[encodedKey.remaining()];
        encodedKey.get(key);
        // As an offset it is a deletion, so that any topic may hold it.
        byte[] value = topic.equals(Broker.OFFSETS_TOPIC) ? null : "other".getBytes(StandardCharsets.UTF_8);
        filler.begin(rig.clock.time());
        filler.tryAppend(rig.clock.time(), key, value);
        ByteBuffer batch = filler.finish();
        assertTrue(log(topic).tryClaim(hole, 1, batch.remaining()) >= 0);
        return batch;
    }

    private void publishIn(String topic, ByteBuffer batch) {
        hole.fill(batch, batch.position());
        log(topic).publish(hole);
    }

    /** What {@code kill -9} would leave now holds nothing of the transaction. */
    private void assertNothingSurvivesACrash() throws IOException {
        rig.photograph("copy/life-0");
        try (BrokerRig copy = new BrokerRig(root.resolve("copy"))) {
            assertEquals(List.of(), copy.committed("a"));
            assertEquals(List.of(), copy.committed("b"));
            assertEquals(-1, copy.offsetOf("g"));
            assertTrue(copy.nothingIsOpen());
            assertEquals(0, copy.broker().recovery().decidedTransactions());
        }
    }

    @Test
    void commitIsNotDecidedWhileItsRecordsStandBehindAHole() throws IOException {
        Instance instance = Instance.open(rig, "t").begin().put("b", "x");
        ByteBuffer other = claimIn("a");
        instance.put("a", "x");
        long journaled = log(Broker.TRANSACTIONS_TOPIC).claimedOffset();
        assertEquals(Progress.PENDING, instance.commit());
        assertEquals(Progress.PENDING, instance.commit());
        assertEquals(journaled, log(Broker.TRANSACTIONS_TOPIC).claimedOffset());
        assertNothingSurvivesACrash();
        publishIn("a", other);
        assertEquals(Progress.DONE, instance.commit());
        assertEquals(List.of("other", "x"), rig.committed("a"));
        assertEquals(List.of("x"), rig.committed("b"));
    }

    @Test
    void commitIsNotDecidedWhileItsOffsetsStandBehindAHole() throws IOException {
        Instance instance = Instance.open(rig, "t").begin().put("a", "x").put("b", "x");
        ByteBuffer other = claimIn(Broker.OFFSETS_TOPIC);
        assertEquals(GroupError.NONE, instance.commitOffset("g", 5));
        long journaled = log(Broker.TRANSACTIONS_TOPIC).claimedOffset();
        assertEquals(Progress.PENDING, instance.commit());
        assertEquals(journaled, log(Broker.TRANSACTIONS_TOPIC).claimedOffset());
        assertNothingSurvivesACrash();
        publishIn(Broker.OFFSETS_TOPIC, other);
        assertEquals(Progress.DONE, instance.commit());
        assertEquals(List.of("x"), rig.committed("a"));
        assertEquals(5, rig.offsetOf("g"));
    }

    @Test
    void abortDoesNotWaitForAHole() throws IOException {
        Instance instance = Instance.open(rig, "t").begin();
        ByteBuffer other = claimIn("a");
        instance.put("a", "x").put("b", "x");
        long journaled = log(Broker.TRANSACTIONS_TOPIC).claimedOffset();
        assertEquals(Progress.PENDING, instance.abort());
        assertEquals(journaled + 1, log(Broker.TRANSACTIONS_TOPIC).claimedOffset());
        publishIn("a", other);
        assertEquals(Progress.DONE, instance.abort());
        assertEquals(List.of("other"), rig.committed("a"));
        assertTrue(rig.nothingIsOpen());
    }

    @Test
    void commitWhoseDataIsLostWithAnOfflinePartitionIsRefusedAndCanBeAborted() {
        Instance instance = Instance.open(rig, "t").begin();
        claimIn("a");
        instance.put("a", "x").put("b", "x");
        assertThrows(IndexOutOfBoundsException.class, () -> log("a").fillAndPublish(hole, ByteBuffer.allocate(0), 0));
        long journaled = log(Broker.TRANSACTIONS_TOPIC).claimedOffset();
        assertEquals(Progress.UNAVAILABLE, instance.commit());
        assertEquals(journaled, log(Broker.TRANSACTIONS_TOPIC).claimedOffset());
        assertEquals(Progress.UNAVAILABLE, instance.abort());
        assertEquals(List.of(), rig.committed("b"));
    }

    @Test
    void undecidedCommitIsAbortedWhenItsTimeIsOver() throws IOException {
        Instance instance = Instance.open(rig, "t").begin();
        ByteBuffer other = claimIn("a");
        instance.put("a", "x").put("b", "x");
        assertEquals(Progress.PENDING, instance.commit());
        rig.pass(Instance.TIMEOUT_MS + 1);
        publishIn("a", other);
        rig.pass(1000);
        assertEquals(Progress.FENCED, instance.commit());
        assertEquals(List.of(), rig.committed("b"));
        assertTrue(rig.nothingIsOpen());
    }

    @Test
    void committedPartThatIsGoneFromTheDirectoryIsReported() throws IOException {
        Instance instance = Instance.open(rig, "t").begin().put("a", "x").put("b", "x");
        assertEquals(Progress.DONE, instance.commit());
        Path damaged = rig.photograph("damaged");
        try (Stream<Path> files = Files.list(damaged.resolve("a-0"))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".log")).toList()) {
                Files.delete(file);
            }
        }
        rig.crashTo(damaged);
        assertEquals(new RecoveryReport(0, 0, 1), rig.broker().recovery());
        assertEquals(List.of("x"), rig.committed("b"));
    }
}
