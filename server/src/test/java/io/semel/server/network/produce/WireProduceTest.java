package io.semel.server.network.produce;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.idempotence.ProducerIds;
import io.semel.idempotence.ProducerState;
import io.semel.log.Claim;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.server.network.OpenServer;
import io.semel.server.network.WireClient;
import io.semel.server.network.WireClient.Sent;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.partition.Partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Produce as it goes over the wire: offsets, codes, order and acknowledgement, by clients good and bad. */
@Timeout(60)
class WireProduceTest {
    private static final int NEWEST = WireProducer.NEWEST;
    /** So many requests of a connection are under way at once. */
    private static final int SIDE_BY_SIDE = 64;

    @TempDir
    Path directory;

    private OpenServer open;
    private WireProducer producer;

    @BeforeEach
    void open() throws IOException {
        open = OpenServer.in(directory);
        open.semel().admin().createTopic("t", 2, Map.of());
        producer = new WireProducer(open);
    }

    @AfterEach
    void close() throws IOException {
        producer.close();
        open.close();
    }

    private Broker broker() {
        return open.semel().runtime().broker();
    }

    private Partition partition(int index) {
        return broker().partition("t", index);
    }

    private long newProducerId() {
        long id = broker().producerIds().tryIssue();
        while (id == ProducerIds.NOT_YET) {
            Thread.yield();
            id = broker().producerIds().tryIssue();
        }
        return id;
    }

    private static void until(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadlineNs, "not within 30 s");
            Thread.yield();
        }
    }

    @Test
    void everyVersionIsServed() throws IOException {
        for (int version = ProduceVersions.FIRST; version <= NEWEST; version++) {
            PartitionProduceResponse answer = producer.ask(version, "t", Batches.plain("a", "b"));
            assertEquals(0, answer.errorCode(), answer.errorMessage());
            assertEquals(2L * (version - ProduceVersions.FIRST), answer.baseOffset());
            assertEquals(-1, answer.logAppendTimeMs());
            assertEquals(version >= ProduceVersions.LOG_START_OFFSET ? 0 : -1, answer.logStartOffset());
        }
    }

    @Test
    void whatIsNotThereIsToldByItsCode() throws IOException {
        assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, producer.refusal(12, "nothing", Batches.plain("a")));
        assertEquals(Errors.UNKNOWN_TOPIC_ID, producer.refusal(13, "nothing", Batches.plain("a")));
        for (int index : new int[] {-1, 2, Integer.MAX_VALUE}) {
            PartitionProduceResponse answer = producer.receive(producer.send(NEWEST, "t", index, Batches.plain("a")));
            assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION.code(), answer.errorCode());
            assertEquals(index, answer.index());
        }
        assertEquals(Errors.INVALID_TOPIC_EXCEPTION, producer.refusal(12, Broker.OFFSETS_TOPIC, Batches.plain("a")));
        assertEquals(Errors.INVALID_TOPIC_EXCEPTION, producer.refusal(13, Broker.TRANSACTIONS_TOPIC, Batches.plain(
                "a")));
    }

    @Test
    void hostileBatchesAreToldByTheirCodesAndLeaveNothingBehind() throws IOException {
        ByteBuffer wrongCrc = Batches.bytes(Batches.plain("a"));
        wrongCrc.put(wrongCrc.limit() - 1, (byte) 99);
        assertEquals(Errors.CORRUPT_MESSAGE, producer.refusal(NEWEST, "t", MemoryRecords.readableRecords(wrongCrc)));
        assertEquals(Errors.INVALID_RECORD, producer.refusal(NEWEST, "t", Batches.sealed(Batches.bytes(Batches.plain(
                "a")).putInt(RecordBatchLayout.RECORD_COUNT_POSITION, 2))));
        assertEquals(Errors.INVALID_RECORD, producer.refusal(NEWEST, "t", Batches.sealed(Batches.bytes(Batches.plain(
                "a")).putInt(RecordBatchLayout.LAST_OFFSET_DELTA_POSITION, 1_000_000))));
        assertEquals(Errors.INVALID_RECORD, producer.refusal(NEWEST, "t", MemoryRecords.withEndTransactionMarker(1L,
                (short) 0, new EndTransactionMarker(ControlRecordType.COMMIT, 0))));
        assertEquals(Errors.INVALID_RECORD, producer.refusal(NEWEST, "t", MemoryRecords.readableRecords(Batches.bytes(
                Batches.plain("a")).limit(65))));
        assertEquals(Errors.INVALID_RECORD, producer.refusal(NEWEST, "t", MemoryRecords.EMPTY));
        assertEquals(Errors.INVALID_RECORD, producer.refusal(NEWEST, "t", Batches.idempotentWithoutSequence(
                newProducerId())));
        assertEquals(Errors.MESSAGE_TOO_LARGE, producer.refusal(NEWEST, "t", Batches.plain("x".repeat(1 << 20))));
        assertEquals(0, partition(0).log().claimedOffset());
        producer.put(0, "t", Batches.plain("a"));
    }

    @Test
    void acksOfAnotherNumberAreRefused() throws IOException {
        assertEquals(Errors.INVALID_REQUIRED_ACKS, producer.acks(2).refusal(NEWEST, "t", Batches.plain("a")));
        assertEquals(Errors.INVALID_REQUIRED_ACKS, producer.acks(-2).refusal(NEWEST, "t", Batches.plain("a")));
        producer.acks(1).put(0, "t", Batches.plain("a"));
    }

    @Test
    void whoWantsNoAnswerGetsNoneAndLosesTheConnectionOverARefusal() throws IOException {
        producer.acks(0).send(NEWEST, "t", 0, Batches.plain("a"));
        producer.acks(-1).put(1, "t", Batches.plain("b"));
        producer.acks(0).send(NEWEST, "t", 5, Batches.plain("c"));
        assertTrue(producer.isClosedByServer());
    }

    @Test
    void aVersionThatIsAdvertisedForItsOwnSakeEndsTheConnection() throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(64).putInt(26).putShort((short) 0).putShort((short) 2).putInt(1)
                .putShort((short) -1).putShort((short) 1).putInt(1000).putInt(0);
        try (WireClient client = WireClient.to(open.server().port())) {
            client.sendRaw(Arrays.copyOf(frame.array(), 30));
            assertThrows(IOException.class, client::receiveRaw);
        }
    }

    @Test
    void retriesAreAnsweredWithTheirOriginalOffsetsAndGapsAreRefused() throws IOException {
        long id = newProducerId();
        for (int sequence = 0; sequence < 6; sequence++) {
            producer.put(sequence, "t", Batches.idempotent(id, 0, sequence, "v" + sequence));
        }
        for (int sequence = 1; sequence < 6; sequence++) {
            producer.put(sequence, "t", Batches.idempotent(id, 0, sequence, "v" + sequence));
        }
        assertEquals(Errors.DUPLICATE_SEQUENCE_NUMBER, producer.refusal(NEWEST, "t", Batches.idempotent(id, 0, 0,
                "v0")));
        assertEquals(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, producer.refusal(NEWEST, "t", Batches.idempotent(id, 0, 7,
                "v7")));
        assertEquals(6, partition(0).readableOffset());
    }

    @Test
    void aProducerIdThatIsNotAliveIsUnknownAndToldWhereTheLogBegins() throws IOException {
        PartitionProduceResponse answer = producer.ask(NEWEST, "t", Batches.idempotent(123_456_789, 0, 0, "v"));
        assertEquals(Errors.UNKNOWN_PRODUCER_ID.code(), answer.errorCode());
        assertEquals(0, answer.logStartOffset());
    }

    @Test
    void aProducerWithoutATransactionalIdRaisesItsEpochByItself() throws IOException {
        long id = newProducerId();
        producer.put(0, "t", Batches.idempotent(id, 0, 0, "a"));
        assertEquals(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, producer.refusal(NEWEST, "t", Batches.idempotent(id, 1, 1,
                "b")));
        producer.put(1, "t", Batches.idempotent(id, 1, 0, "b"));
        assertEquals(Errors.INVALID_PRODUCER_EPOCH, producer.refusal(NEWEST, "t", Batches.idempotent(id, 0, 1, "c")));
    }

    @Test
    void manyRequestsInFlightAreAppendedAndAnsweredInTheirOrder() throws IOException {
        open.semel().admin().createTopic("safe", 1, Map.of("semel.durability", "power"));
        long id = newProducerId();
        List<Sent> sent = new ArrayList<>();
        for (int sequence = 0; sequence < 300; sequence++) {
            sent.add(producer.send(NEWEST, sequence % 2 == 0 ? "safe" : "t", 0, Batches.idempotent(id, 0, sequence / 2,
                    "v" + sequence)));
        }
        for (int sequence = 0; sequence < 300; sequence++) {
            PartitionProduceResponse answer = producer.receive(sent.get(sequence));
            assertEquals(0, answer.errorCode(), answer.errorMessage());
            assertEquals(sequence / 2, answer.baseOffset());
        }
    }

    /** L1: an answer of a topic in POWER says that the records are on the medium. */
    @Test
    void inPowerAnAnswerWaitsForTheMedium() throws IOException {
        open.semel().admin().createTopic("safe", 1, Map.of("semel.durability", "power"));
        for (int offset = 0; offset < 20; offset++) {
            producer.acks(offset % 2 == 0 ? -1 : 1).put(offset, "safe", Batches.plain("v"));
            assertTrue(broker().partition("safe", 0).log().durableOffset() > offset);
        }
    }

    /** L1: what stands behind a claim that nobody has published yet could be lost with it. */
    @Test
    void nothingIsAnsweredBeforeTheFrontierHasPassedIt() throws IOException {
        ByteBuffer other = Batches.bytes(Batches.plain("other"));
        Claim claim = new Claim();
        assertEquals(0, partition(0).log().tryClaim(claim, 1, other.remaining()));
        PartitionProduceResponse late = producer.timeoutMs(10).ask(NEWEST, "t", Batches.plain("late"));
        assertEquals(Errors.REQUEST_TIMED_OUT.code(), late.errorCode());
        assertEquals(1, late.baseOffset());
        Sent sent = producer.timeoutMs(20_000).send(NEWEST, "t", 0, Batches.plain("in time"));
        until(() -> partition(0).log().claimedOffset() == 3);
        partition(0).log().fillAndPublish(claim, other, 0);
        PartitionProduceResponse inTime = producer.receive(sent);
        assertEquals(0, inTime.errorCode());
        assertEquals(2, inTime.baseOffset());
    }

    /** I2: nobody overtakes a batch of his own partition that is held up, and others are not held up with it. */
    @Test
    void aBatchThatIsHeldUpHoldsUpItsPartitionAlone() throws IOException {
        ProducerState state = heldProducer();
        long id = state.identity().producerId();
        Sent first = producer.send(NEWEST, "t", 0, Batches.idempotent(id, 0, 1, "first"));
        Sent second = producer.send(NEWEST, "t", 0, Batches.plain("second"));
        Sent third = producer.send(NEWEST, "t", 1, Batches.plain("third"));
        until(() -> partition(1).readableOffset() == 1);
        assertEquals(1, partition(0).readableOffset());
        state.pen().release();
        assertEquals(1, producer.receive(first).baseOffset());
        assertEquals(2, producer.receive(second).baseOffset());
        assertEquals(0, producer.receive(third).baseOffset());
    }

    /** I2: nor does a request that could begin only when one of those before it was answered. */
    @Test
    void aRequestThatBeginsWhileOthersAreHeldUpGoesBehindThem() throws IOException {
        ProducerState one = heldProducer();
        ProducerState other = heldProducer();
        Sent first = producer.send(NEWEST, "t", 0, Batches.idempotent(one.identity().producerId(), 0, 1, "first"));
        Sent second = producer.send(NEWEST, "t", 0, Batches.idempotent(other.identity().producerId(), 0, 1, "second"));
        List<Sent> asManyAsBegin = new ArrayList<>();
        for (int begun = 2; begun < SIDE_BY_SIDE - 1; begun++) {
            asManyAsBegin.add(producer.send(NEWEST, "t", 0, Batches.plain("between")));
        }
        asManyAsBegin.add(producer.send(NEWEST, "t", 1, Batches.plain("elsewhere")));
        Sent last = producer.send(NEWEST, "t", 0, Batches.idempotent(other.identity().producerId(), 0, 2, "last"));
        until(() -> partition(1).readableOffset() == 1);
        one.pen().release();
        assertEquals(2, producer.receive(first).baseOffset());
        other.pen().release();
        assertEquals(3, producer.receive(second).baseOffset());
        for (Sent sent : asManyAsBegin) {
            assertEquals(Errors.NONE.code(), producer.receive(sent).errorCode());
        }
        assertEquals(Errors.NONE.code(), producer.receive(last).errorCode());
    }

    @Test
    void aBatchThatIsHeldUpForTooLongIsNotWritten() throws IOException {
        ProducerState state = heldProducer();
        long id = state.identity().producerId();
        assertEquals(Errors.REQUEST_TIMED_OUT, producer.timeoutMs(10).refusal(NEWEST, "t", Batches.idempotent(id, 0, 1,
                "v")));
        state.pen().release();
        assertEquals(1, partition(0).log().claimedOffset());
        producer.timeoutMs(20_000).put(1, "t", Batches.idempotent(id, 0, 1, "v"));
    }

    @Test
    void whatAConnectionLeavesHeldUpIsNotWrittenWhenItIsGone() throws IOException {
        ProducerState state = heldProducer();
        int others = open.server().connectionCount();
        WireProducer gone = new WireProducer(open);
        gone.send(NEWEST, "t", 0, Batches.idempotent(state.identity().producerId(), 0, 1, "v"));
        gone.send(NEWEST, "t", 1, Batches.plain("seen"));
        until(() -> partition(1).readableOffset() == 1);
        gone.close();
        until(() -> open.server().connectionCount() == others);
        state.pen().release();
        producer.put(1, "t", Batches.plain("after"));
        assertEquals(2, partition(0).log().claimedOffset());
    }

    /** A producer that has written once to the first partition, and can't write there before its pen is released. */
    private ProducerState heldProducer() throws IOException {
        long id = newProducerId();
        producer.put(partition(0).readableOffset(), "t", Batches.idempotent(id, 0, 0, "once"));
        ProducerState state = partition(0).producer(id);
        assertNotNull(state);
        state.pen().take();
        return state;
    }
}
