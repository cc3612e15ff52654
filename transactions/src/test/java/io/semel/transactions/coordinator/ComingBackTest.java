package io.semel.transactions.coordinator;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.idempotence.Pen;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.log.memory.FileDisk;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.BrokerContext;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionReader;
import io.semel.transactions.records.TransactionStatus;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** T1: an instance that comes back to what is prepared, while somebody else decides that. */
class ComingBackTest {
    private static final InstanceRequest KEEPING = InstanceRequest.embedded(60_000).keepingPrepared();

    @TempDir
    private Path directory;

    private Broker broker;
    private TransactionSession preparer;

    @BeforeEach
    void prepare() throws IOException {
        broker = Broker.open(directory, new BrokerContext(FileDisk.instance(), () -> 1_000, UUID::randomUUID));
        broker.createTopic("a", 1, Map.of());
        broker.createTopic("b", 1, Map.of());
        preparer = open(InstanceRequest.embedded(60_000)).session();
        assertEquals(Progress.DONE, preparer.begin());
        for (String topic : List.of("a", "b")) {
            RecordBatchWriter batch = new RecordBatchWriter(1024, 1024);
            batch.begin(1_000).producer(preparer.producerId(), preparer.epoch(), 0).asTransactional();
            batch.tryAppend(1_000, null, new byte[1]);
            assertEquals(0, preparer.touch(partition(topic)).append(batch.finish()));
        }
        assertEquals(Progress.DONE, preparer.prepare());
    }

    @AfterEach
    void close() throws IOException {
        broker.close();
    }

    private Partition partition(String topic) {
        return broker.partition(topic, 0);
    }

    private Initialization open(InstanceRequest request) {
        Initialization initialization = broker.transactions().initialize("t", request);
        Progress progress = initialization.step();
        for (int round = 0; round < 3 && progress == Progress.PENDING; round++) {
            broker.doWork();
            broker.flush();
            progress = initialization.step();
        }
        assertEquals(Progress.DONE, progress);
        return initialization;
    }

    private int committed(String topic) {
        int records = 0;
        try (PartitionReader reader = partition(topic).openReader(0, Isolation.READ_COMMITTED)) {
            while (reader.next()) {
                records += reader.batch().recordCount();
            }
        }
        return records;
    }

    private TransactionStatus status() {
        return broker.transactions().operator().find("t").orElseThrow().status();
    }

    @Test
    void itsOwnRecordNeverTakesThePlaceOfAnOperatorsCommitThatIsNotCarriedOut() {
        Initialization back = broker.transactions().initialize("t", KEEPING);
        Pen journal = broker.transactions().context.journal().pen;
        journal.take();
        assertEquals(Progress.PENDING, back.step(), "somebody else writes to the journal");
        journal.release();
        Pen writer = partition("b").producer(preparer.producerId()).pen();
        writer.take();
        assertEquals(Progress.PENDING, broker.transactions().operator().commit("t").orElseThrow().step());
        assertEquals(Progress.PENDING, back.step());
        assertEquals(TransactionStatus.PREPARE_COMMIT, status());
        assertEquals(1, committed("a"));
        assertEquals(0, committed("b"), "its marker waits");
        writer.release();
        assertEquals(Progress.DONE, back.step());
        assertEquals(1, committed("b"));
        assertEquals(Outcome.COMMITTED, back.session().outcome());
        assertEquals(Progress.DONE, back.session().begin());
    }

    @Test
    void whoeverIsFencedAfterThatCantTellHowItEnds() {
        TransactionSession second = open(KEEPING).session();
        TransactionSession third = open(KEEPING).session();
        assertEquals(Progress.FENCED, second.commit());
        assertEquals(Outcome.UNKNOWN, second.outcome());
        assertEquals(Progress.DONE, third.commit());
        assertEquals(1, committed("a"));
    }
}
