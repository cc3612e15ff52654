package io.semel.log.batch;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.RecordBatch;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Kafka's reader reads what we write, we read what Kafka's writer writes, and the bytes are the same. */
class KafkaInteroperabilityTest {
    private static final int MAX_BATCH_BYTES = 1 << 20;
    private static final int TRIES = 300;
    /** Bytes before and after a batch, so that it does not start at zero nor end with its buffer. */
    private static final int GUARD_BYTES = 37;

    private final RecordBatchWriter writer = new RecordBatchWriter(0, MAX_BATCH_BYTES);
    private final RecordBatchView view = new RecordBatchView();
    private final RecordCursor cursor = new RecordCursor();

    @Property(tries = TRIES)
    void kafkaReadsWhatWeWrite(@ForAll("anyTimestamps") SampleBatch sample) {
        RecordBatch batch = KafkaOracle.read(sample.write(writer));
        assertEquals(sample.baseOffset, batch.baseOffset());
        assertEquals(sample.leaderEpoch, batch.partitionLeaderEpoch());
        assertEquals(sample.producerId, batch.producerId());
        assertEquals(sample.producerEpoch, batch.producerEpoch());
        assertEquals(sample.baseSequence, batch.baseSequence());
        assertEquals(sample.isTransactional, batch.isTransactional());
        assertEquals(sample.records.stream().mapToLong(record -> record.timestamp).max().getAsLong(),
                batch.maxTimestamp());
        assertEquals(sample.records, KafkaOracle.recordsOf(batch));
        assertViewSaysWhatKafkaSays(batch);
    }

    @Property(tries = TRIES)
    void weReadWhatKafkaWrites(@ForAll("kafkasTimestamps") SampleBatch sample) {
        ByteBuffer bytes = KafkaOracle.write(sample, TimestampType.CREATE_TIME, RecordBatch.NO_TIMESTAMP);
        assertEquals(bytes, sample.write(writer), "same bytes as ours");
        for (ByteBuffer place : List.of(bytes, between(bytes, ByteBuffer::allocate),
                between(bytes, ByteBuffer::allocateDirect))) {
            int position = place == bytes ? 0 : GUARD_BYTES;
            assertEquals(BatchCheck.WHOLE, RecordBatchView.check(place, position, position + bytes.limit()));
            view.wrap(place, position);
            assertEquals(sample.records, records());
        }
    }

    @Property(tries = TRIES / 3)
    void theLogsOwnTimestampStandsForEveryRecord(@ForAll("kafkasTimestamps") SampleBatch sample) {
        long logAppendTime = 123_456_789L;
        ByteBuffer bytes = KafkaOracle.write(sample, TimestampType.LOG_APPEND_TIME, logAppendTime);
        view.wrap(bytes, 0);
        assertEquals(KafkaOracle.recordsOf(KafkaOracle.read(bytes)), records());
        cursor.wrap(view).next();
        assertEquals(logAppendTime, cursor.timestamp());
    }

    @Property(tries = TRIES / 3)
    void resequencedBatchIsWhatAProducerOfThatEpochWouldHaveWritten(@ForAll("anyTimestamps") SampleBatch sample) {
        ByteBuffer bytes = sample.write(writer);
        RecordBatchWriter.resequence(bytes, 0, 77, (short) 3, 5);
        RecordBatch batch = KafkaOracle.read(bytes);
        assertEquals(77, batch.producerId());
        assertEquals(3, batch.producerEpoch());
        assertEquals(5, batch.baseSequence());
        assertEquals(sample.records, KafkaOracle.recordsOf(batch));
    }

    private void assertViewSaysWhatKafkaSays(RecordBatch batch) {
        ByteBuffer bytes = ByteBuffer.allocate(batch.sizeInBytes());
        batch.writeTo(bytes);
        view.wrap(bytes, 0);
        assertEquals(batch.lastOffset(), view.lastOffset());
        assertEquals(batch.nextOffset(), view.nextOffset());
        assertEquals(batch.lastSequence(), view.lastSequence());
        assertEquals(batch.sizeInBytes(), view.sizeInBytes());
        assertEquals(batch.countOrNull(), view.recordCount());
        assertEquals(batch.checksum(), Integer.toUnsignedLong(view.crc()));
        assertEquals(batch.hasProducerId(), view.hasProducerId());
        assertEquals(batch.isControlBatch(), view.isControl());
        assertEquals(sampleOffsets(batch), offsets());
    }

    private static List<Long> sampleOffsets(RecordBatch batch) {
        List<Long> offsets = new ArrayList<>();
        batch.forEach(record -> offsets.add(record.offset()));
        return offsets;
    }

    private List<Long> offsets() {
        List<Long> offsets = new ArrayList<>();
        cursor.wrap(view);
        while (cursor.next()) {
            offsets.add(cursor.offset());
        }
        return offsets;
    }

    private List<SampleRecord> records() {
        List<SampleRecord> records = new ArrayList<>();
        cursor.wrap(view);
        while (cursor.next()) {
            records.add(SampleRecord.of(cursor));
        }
        return records;
    }

    private static ByteBuffer between(ByteBuffer bytes, IntFunction<ByteBuffer> allocator) {
        ByteBuffer place = allocator.apply(bytes.limit() + 2 * GUARD_BYTES);
        return place.put(GUARD_BYTES, bytes, 0, bytes.limit());
    }

    @Provide
    Arbitrary<SampleBatch> anyTimestamps() {
        return SampleBatch.arbitrary(Arbitraries.longs());
    }

    @Provide
    Arbitrary<SampleBatch> kafkasTimestamps() {
        return SampleBatch.arbitrary(Arbitraries.longs().greaterOrEqual(0));
    }
}
