package io.semel.server.network.produce;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

import io.semel.log.batch.Crc32c;
import io.semel.log.batch.RecordBatchLayout;

/** Record batches as kafka-clients encodes them, for tests that send them by hand. */
final class Batches {
    private static final long TIME_MS = 1_700_000_000_000L;

    private Batches() {
    }

    static MemoryRecords plain(String... values) {
        return MemoryRecords.withRecords(Compression.NONE, records(values));
    }

    static MemoryRecords idempotent(long producerId, int epoch, int sequence, String... values) {
        return MemoryRecords.withIdempotentRecords(Compression.NONE, producerId, (short) epoch, sequence, records(
                values));
    }

    /** As only a coordinator may write. */
    static MemoryRecords idempotentWithoutSequence(long producerId) {
        return sealed(bytes(idempotent(producerId, 0, 0, "v")).putInt(RecordBatchLayout.BASE_SEQUENCE_POSITION,
                RecordBatchLayout.NO_SEQUENCE));
    }

    static MemoryRecords transactional(long producerId, int epoch, int sequence, String... values) {
        return MemoryRecords.withTransactionalRecords(Compression.NONE, producerId, (short) epoch, sequence, records(
                values));
    }

    private static SimpleRecord[] records(String... values) {
        return Arrays.stream(values).map(value -> new SimpleRecord(TIME_MS, null, value.getBytes(
                StandardCharsets.UTF_8))).toArray(SimpleRecord[]::new);
    }

    /** The bytes of the batch, to be changed. */
    static ByteBuffer bytes(MemoryRecords records) {
        return ByteBuffer.allocate(records.sizeInBytes()).put(records.buffer().duplicate()).flip();
    }

    /** Makes the CRC hold again: whoever wants harm computes it. */
    static MemoryRecords sealed(ByteBuffer batch) {
        int at = RecordBatchLayout.ATTRIBUTES_POSITION;
        batch.putInt(RecordBatchLayout.CRC_POSITION, Crc32c.compute(batch, at, batch.limit() - at));
        return MemoryRecords.readableRecords(batch);
    }
}
