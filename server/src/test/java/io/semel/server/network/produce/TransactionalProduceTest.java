package io.semel.server.network.produce;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.server.network.OpenServer;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.coordinator.EndAnswer;
import io.semel.transactions.coordinator.Initialization;
import io.semel.transactions.coordinator.InstanceRequest;
import io.semel.transactions.coordinator.ProducerIdAndEpoch;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.RemoteTransaction;
import io.semel.transactions.coordinator.TransactionRules;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Transactional batches at the port, by KIP-890's rules and by the older ones (T6, T7). */
@Timeout(60)
class TransactionalProduceTest {
    private static final int TIMEOUT_MS = 60_000;
    private static final int NEWEST = WireProducer.NEWEST;
    /** The last version whose batches join nothing by themselves. */
    private static final int OLDER = 11;

    @TempDir
    Path directory;

    private OpenServer open;
    private WireProducer producer;

    @BeforeEach
    void open() throws IOException {
        open = OpenServer.in(directory);
        open.semel().admin().createTopic("t", 1, Map.of());
        producer = new WireProducer(open).transactional("tx");
    }

    @AfterEach
    void close() throws IOException {
        producer.close();
        open.close();
    }

    private Broker broker() {
        return open.semel().runtime().broker();
    }

    private Partition partition() {
        return broker().partition("t", 0);
    }

    private static void complete(Supplier<Progress> step) {
        Progress progress = step.get();
        while (progress == Progress.PENDING) {
            Thread.yield();
            progress = step.get();
        }
        assertEquals(Progress.DONE, progress);
    }

    private ProducerIdAndEpoch initialize(TransactionRules rules) {
        Initialization initialization = broker().transactions().initialize("tx", InstanceRequest.remote(TIMEOUT_MS,
                rules));
        complete(initialization::step);
        return initialization.producer();
    }

    private RemoteTransaction remote(TransactionRules rules) {
        return broker().transactions().remote("tx", rules).orElseThrow();
    }

    private ProducerIdAndEpoch commit(ProducerIdAndEpoch self, TransactionRules rules) {
        EndAnswer answer = remote(rules).commit(self);
        while (answer.progress() == Progress.PENDING) {
            Thread.yield();
            answer = remote(rules).commit(self);
        }
        assertEquals(Progress.DONE, answer.progress());
        return answer.next();
    }

    @Test
    void byTheNewerRulesABatchJoinsByItselfAndItsEpochEndsWithTheTransaction() throws IOException {
        TransactionRules rules = TransactionRules.NEW_EPOCH_AT_EVERY_END;
        ProducerIdAndEpoch self = initialize(rules);
        producer.put(0, "t", Batches.transactional(self.producerId(), self.epoch(), 0, "a", "b"));
        assertEquals(0, partition().endOffset(Isolation.READ_COMMITTED));
        ProducerIdAndEpoch next = commit(self, rules);
        assertEquals(3, partition().endOffset(Isolation.READ_COMMITTED));
        assertEquals(Errors.INVALID_PRODUCER_EPOCH, producer.refusal(NEWEST, "t", Batches.transactional(self
                .producerId(), self.epoch(), 2, "late")));
        producer.put(3, "t", Batches.transactional(next.producerId(), next.epoch(), 0, "c"));
        commit(next, rules);
        assertEquals(5, partition().endOffset(Isolation.READ_COMMITTED));
    }

    @Test
    void byTheOlderRulesABatchNeedsItsPartitionAddedBeforeAndTheTransactionUnderWay() throws IOException {
        TransactionRules rules = TransactionRules.ONE_EPOCH;
        ProducerIdAndEpoch self = initialize(rules);
        assertEquals(Errors.TRANSACTION_ABORTABLE, producer.refusal(OLDER, "t", Batches.transactional(self.producerId(),
                self.epoch(), 0, "a")));
        assertEquals(Errors.INVALID_TXN_STATE, producer.refusal(OLDER - 1, "t", Batches.transactional(self.producerId(),
                self.epoch(), 0, "a")));
        complete(() -> remote(rules).join(self, partition()));
        assertEquals(0, producer.ask(OLDER, "t", Batches.transactional(self.producerId(), self.epoch(), 0, "a"))
                .baseOffset());
        assertEquals(self, commit(self, rules));
        assertEquals(Errors.INVALID_TXN_STATE, producer.refusal(3, "t", Batches.transactional(self.producerId(), self
                .epoch(), 1, "late")));
        assertEquals(0, producer.ask(OLDER, "t", Batches.transactional(self.producerId(), self.epoch(), 0, "a"))
                .baseOffset(), "a retry of what was committed is no new batch");
        assertEquals(2, partition().endOffset(Isolation.READ_COMMITTED));
    }

    @Test
    void aNewerInstanceFencesTheOlderOne() throws IOException {
        ProducerIdAndEpoch older = initialize(TransactionRules.NEW_EPOCH_AT_EVERY_END);
        initialize(TransactionRules.NEW_EPOCH_AT_EVERY_END);
        for (int version : new int[] {3, OLDER, NEWEST}) {
            assertEquals(Errors.INVALID_PRODUCER_EPOCH, producer.refusal(version, "t", Batches.transactional(older
                    .producerId(), older.epoch(), 0, "a")));
        }
    }

    @Test
    void requestAndBatchMustAgreeAndTheIdBeKnown() throws IOException {
        ProducerIdAndEpoch self = initialize(TransactionRules.NEW_EPOCH_AT_EVERY_END);
        assertEquals(Errors.INVALID_TXN_STATE, producer.refusal(NEWEST, "t", Batches.plain("a")));
        assertEquals(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, producer.transactional(null).refusal(NEWEST, "t",
                Batches.transactional(self.producerId(), self.epoch(), 0, "a")));
        assertEquals(Errors.INVALID_PRODUCER_ID_MAPPING, producer.transactional("other").refusal(NEWEST, "t", Batches
                .transactional(self.producerId(), self.epoch(), 0, "a")));
        assertEquals(0, partition().log().claimedOffset());
    }

    /** Its epoch is the coordinator's to raise. */
    @Test
    void aTransactionalProducerDoesNotRaiseItsEpochByItself() throws IOException {
        ProducerIdAndEpoch self = initialize(TransactionRules.NEW_EPOCH_AT_EVERY_END);
        assertEquals(Errors.INVALID_PRODUCER_EPOCH, producer.refusal(NEWEST, "t", Batches.transactional(self
                .producerId(), self.epoch() + 1, 0, "a")));
        assertEquals(Errors.UNKNOWN_PRODUCER_ID, producer.transactional(null).refusal(NEWEST, "t", Batches.idempotent(
                self.producerId(), self.epoch() + 1, 0, "a")));
        producer.transactional("tx").put(0, "t", Batches.transactional(self.producerId(), self.epoch(), 0, "a"));
    }
}
