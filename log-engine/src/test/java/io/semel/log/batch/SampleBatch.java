package io.semel.log.batch;

import java.nio.ByteBuffer;
import java.util.List;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A batch as a value, and where random ones come from. */
final class SampleBatch {
    private static final int MAX_RECORDS = 80;
    private static final int MAX_PAYLOAD_BYTES = 200;
    private static final int MAX_HEADERS = 3;

    final long baseOffset;
    final int leaderEpoch;
    final long producerId;
    final short producerEpoch;
    final int baseSequence;
    final boolean isTransactional;
    final List<SampleRecord> records;

    private SampleBatch(long baseOffset, int leaderEpoch, Producer producer, List<SampleRecord> records) {
        this.baseOffset = baseOffset;
        this.leaderEpoch = leaderEpoch;
        producerId = producer.id;
        producerEpoch = producer.epoch;
        baseSequence = producer.baseSequence;
        isTransactional = producer.isTransactional;
        this.records = records;
    }

    /** A plain batch. */
    static SampleBatch of(List<SampleRecord> records) {
        return new SampleBatch(0, 0, Producer.NONE, records);
    }

    /** @param timestamps what Kafka's writer takes, or all that the format can hold */
    static Arbitrary<SampleBatch> arbitrary(Arbitrary<Long> timestamps) {
        Arbitrary<Long> baseOffsets = Arbitraries.longs().between(0, Long.MAX_VALUE - MAX_RECORDS);
        Arbitrary<Integer> leaderEpochs = Arbitraries.integers().greaterOrEqual(-1);
        Arbitrary<List<SampleRecord>> records = records(timestamps).list().ofMinSize(1).ofMaxSize(MAX_RECORDS);
        return Combinators.combine(baseOffsets, leaderEpochs, producers(), records).as(SampleBatch::new);
    }

    private static Arbitrary<SampleRecord> records(Arbitrary<Long> timestamps) {
        Arbitrary<byte[]> payloads =
                Arbitraries.bytes().array(byte[].class).ofMaxSize(MAX_PAYLOAD_BYTES).injectNull(0.15);
        return Combinators.combine(timestamps, payloads, payloads, headers()).as((timestamp, key, value, headers) -> {
            byte[][] headerKeys = headers.stream().map(header -> header[0]).toArray(byte[][]::new);
            byte[][] headerValues = headers.stream().map(header -> header[1]).toArray(byte[][]::new);
            return new SampleRecord(timestamp, key, value, headerKeys, headerValues);
        });
    }

    private static Arbitrary<List<byte[][]>> headers() {
        Arbitrary<byte[]> keys = Arbitraries.strings().alpha().ofMaxLength(MAX_PAYLOAD_BYTES)
                .map(key -> key.getBytes(UTF_8));
        Arbitrary<byte[]> values = Arbitraries.bytes().array(byte[].class).ofMaxSize(5).injectNull(0.3);
        return Combinators.combine(keys, values).as((key, value) -> new byte[][] {key, value})
                .list().ofMaxSize(MAX_HEADERS);
    }

    private static Arbitrary<Producer> producers() {
        Arbitrary<Long> ids = Arbitraries.longs().greaterOrEqual(0);
        Arbitrary<Short> epochs = Arbitraries.shorts().greaterOrEqual((short) 0);
        Arbitrary<Integer> sequences = Arbitraries.integers().greaterOrEqual(0);
        Arbitrary<Boolean> transactional = Arbitraries.of(true, false);
        Arbitrary<Producer> known = Combinators.combine(ids, epochs, sequences, transactional).as(Producer::new);
        return Arbitraries.oneOf(known, Arbitraries.just(Producer.NONE));
    }

    ByteBuffer write(RecordBatchWriter writer) {
        writer.begin(records.get(0).timestamp).producer(producerId, producerEpoch, baseSequence);
        if (isTransactional) {
            writer.asTransactional();
        }
        for (SampleRecord record : records) {
            if (!record.tryAppendTo(writer)) {
                throw new AssertionError("no room for " + record + " in " + writer);
            }
        }
        ByteBuffer bytes = writer.finish();
        RecordBatchLayout.stamp(bytes, 0, baseOffset, leaderEpoch);
        return bytes;
    }

    @Override
    public String toString() {
        return "baseOffset=" + baseOffset + " leaderEpoch=" + leaderEpoch + " producerId=" + producerId
                + " producerEpoch=" + producerEpoch + " baseSequence=" + baseSequence + " transactional="
                + isTransactional + " records=" + records;
    }

    private record Producer(long id, short epoch, int baseSequence, boolean isTransactional) {
        static final Producer NONE = new Producer(-1, (short) -1, -1, false);
    }
}
