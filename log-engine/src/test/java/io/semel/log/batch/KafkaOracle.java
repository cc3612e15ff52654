package io.semel.log.batch;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.Utils;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Kafka's own reader and writer of batches. */
final class KafkaOracle {
    private static final int CAPACITY_BYTES = 1 << 16;

    private KafkaOracle() {
    }

    /** Reads the only batch of the buffer, and checks its CRC. */
    static RecordBatch read(ByteBuffer bytes) {
        Iterator<MutableRecordBatch> batches =
                MemoryRecords.readableRecords(bytes.duplicate()).batches().iterator();
        RecordBatch batch = batches.next();
        batch.ensureValid();
        if (batches.hasNext()) {
            throw new AssertionError("more than one batch");
        }
        return batch;
    }

    static List<SampleRecord> recordsOf(RecordBatch batch) {
        List<SampleRecord> records = new ArrayList<>();
        for (Record record : batch) {
            record.ensureValid();
            Header[] headers = record.headers();
            byte[][] headerKeys = new byte[headers.length][];
            byte[][] headerValues = new byte[headers.length][];
            for (int i = 0; i < headers.length; i++) {
                headerKeys[i] = headers[i].key().getBytes(UTF_8);
                headerValues[i] = headers[i].value();
            }
            records.add(new SampleRecord(record.timestamp(), Utils.toNullableArray(record.key()),
                    Utils.toNullableArray(record.value()), headerKeys, headerValues));
        }
        return records;
    }

    static ByteBuffer write(SampleBatch batch, TimestampType timestampType, long logAppendTime) {
        return write(batch, Compression.NONE, timestampType, logAppendTime);
    }

    static ByteBuffer write(SampleBatch batch, Compression compression, TimestampType timestampType,
            long logAppendTime) {
        MemoryRecordsBuilder builder = MemoryRecords.builder(ByteBuffer.allocate(CAPACITY_BYTES),
                RecordBatch.MAGIC_VALUE_V2, compression, timestampType, batch.baseOffset, logAppendTime,
                batch.producerId, batch.producerEpoch, batch.baseSequence, batch.isTransactional,
                batch.leaderEpoch);
        for (SampleRecord record : batch.records) {
            Header[] headers = new Header[record.headerKeys.length];
            for (int i = 0; i < headers.length; i++) {
                headers[i] = new RecordHeader(new String(record.headerKeys[i], UTF_8), record.headerValues[i]);
            }
            builder.append(record.timestamp, record.key, record.value, headers);
        }
        return builder.build().buffer();
    }
}
