package io.semel.server.network.produce;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import io.semel.log.CleanupPolicy;
import io.semel.log.LogConfig;
import io.semel.log.batch.CorruptBatchException;
import io.semel.log.batch.Crc32c;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;
import io.semel.log.batch.codec.Codec;
import io.semel.log.batch.codec.UnsupportedCompressionException;
import io.semel.server.network.produce.Rejection.RecordError;
import io.semel.wire.protocol.Errors;

/**
 * Judges what a client sends as the records of one partition: whether it is one sound batch that it may write, down to
 * the structure of every record. The log and its readers believe what passes here.
 *
 * <p>Thread rule: one thread at a time. Keeps at most 2 MiB between batches, for compressed ones.
 */
final class ReceivedBatch {
    /** Kafka's default of {@code message.timestamp.after.max.ms}: records of the far future would never grow old. */
    static final long MAX_AHEAD_MS = 3_600_000;

    /** Records that are told one by one; what more are at fault is told by their number. */
    static final int MAX_NAMED = 100;

    private static final long NO_TIMESTAMP = -1;

    /** A batch of an older magic has at least a CRC, magic, attributes, and two lengths behind its length field. */
    private static final int SHORTEST_LENGTH = 14;

    private final RecordBatchView view = new RecordBatchView();
    private final RecordCursor cursor = new RecordCursor();

    /**
     * Judges the bytes from {@code position} on. A header that is wrong about the newest timestamp is put right in
     * place.
     *
     * @return {@link Rejection#NONE} when they may be appended as they are
     */
    Rejection judge(ByteBuffer body, int position, int length, short version, LogConfig config, long nowMs) {
        Rejection shape = judgeShape(body, position, length, version, config.maxBatchBytes());
        if (!shape.isNone()) {
            return shape;
        }
        view.wrap(body, position);
        if (!view.isCrcValid()) {
            return new Rejection(Errors.CORRUPT_MESSAGE, "the CRC does not hold: " + view);
        }
        Rejection header = judgeHeader();
        return header.isNone() ? judgeRecords(config.compaction().policy(), nowMs) : header;
    }

    private static Rejection judgeShape(ByteBuffer body, int position, int length, short version, int maxBytes) {
        if (length <= RecordBatchLayout.MAGIC_POSITION) {
            return invalid("there must be one record batch for each partition, here are " + length + " bytes");
        }
        int lengthField = RecordBatchLayout.lengthField(body, position);
        byte magic = RecordBatchLayout.magic(body, position);
        if (lengthField < SHORTEST_LENGTH || magic < 0 || magic > RecordBatchLayout.MAGIC) {
            return new Rejection(Errors.CORRUPT_MESSAGE, "not a record batch: length=" + lengthField + " magic="
                    + magic);
        }
        if (lengthField > length - RecordBatchLayout.LOG_OVERHEAD) {
            return invalid("the record batch is cut off: it says it has " + (RecordBatchLayout.LOG_OVERHEAD
                    + (long) lengthField) + " bytes, here are " + length);
        }
        if (magic != RecordBatchLayout.MAGIC) {
            return invalid("record batches must have magic 2, this one has " + magic);
        }
        int sizeInBytes = lengthField + RecordBatchLayout.LOG_OVERHEAD;
        if (sizeInBytes < length) {
            return invalid("there must be one record batch for each partition, behind the first are " + (length
                    - sizeInBytes) + " bytes more");
        }
        if (sizeInBytes > maxBytes) {
            return new Rejection(Errors.MESSAGE_TOO_LARGE, "the record batch has " + sizeInBytes
                    + " bytes, allowed are " + maxBytes + " (max.message.bytes)");
        }
        if (sizeInBytes < RecordBatchLayout.HEADER_LENGTH) {
            return new Rejection(Errors.CORRUPT_MESSAGE, "the record batch is shorter than its header: " + sizeInBytes
                    + " bytes");
        }
        int codec = RecordBatchLayout.attributes(body, position) & RecordBatchLayout.COMPRESSION_MASK;
        return codec == Codec.ZSTD.code() && version < ProduceVersions.ZSTD
                ? new Rejection(Errors.UNSUPPORTED_COMPRESSION_TYPE, "zstd needs version " + ProduceVersions.ZSTD
                        + " of Produce, this one is " + version)
                : Rejection.NONE;
    }

    private Rejection judgeHeader() {
        if (view.baseOffset() != 0) {
            return invalid("the base offset must be 0, it is " + view.baseOffset());
        }
        if (view.isControl()) {
            return invalid("clients may not write control records");
        }
        if (view.hasDeleteHorizon()) {
            return invalid("clients may not set a delete horizon");
        }
        if (view.recordCount() <= 0 || view.lastOffsetDelta() != view.recordCount() - 1) {
            return invalid("the record batch says it has " + view.recordCount() + " records, and a last offset"
                    + " delta of " + view.lastOffsetDelta());
        }
        if (view.sizeInBytes() < RecordBatchLayout.MIN_BATCH_LENGTH) {
            return invalid("the record batch has " + view.sizeInBytes() + " bytes and holds no record");
        }
        if (view.isLogAppendTime()) {
            return new Rejection(Errors.INVALID_TIMESTAMP, "clients may not set the timestamp type to LogAppendTime");
        }
        return judgeProducer();
    }

    /** Without a sequence nobody could tell a retry; only the coordinators' own batches have none. */
    private Rejection judgeProducer() {
        boolean isNobodys = view.producerId() == RecordBatchLayout.NO_PRODUCER_ID;
        if (isNobodys && view.isTransactional()) {
            return invalid("a transactional batch needs a producer id");
        }
        if (!isNobodys && (view.producerId() < 0 || view.producerEpoch() < 0 || view.baseSequence() < 0)) {
            return invalid("a producer's batch needs id, epoch and sequence: producerId=" + view.producerId()
                    + " epoch=" + view.producerEpoch() + " sequence=" + view.baseSequence());
        }
        return Rejection.NONE;
    }

    private Rejection judgeRecords(CleanupPolicy policy, long nowMs) {
        try {
            cursor.wrap(view);
            return walk(policy, nowMs);
        } catch (UnsupportedCompressionException e) {
            return new Rejection(Errors.UNSUPPORTED_COMPRESSION_TYPE, e.getMessage());
        } catch (CorruptBatchException e) {
            return invalid(e.getMessage());
        }
    }

    private Rejection walk(CleanupPolicy policy, long nowMs) {
        boolean needsKeys = policy.compacts();
        long newestMs = NO_TIMESTAMP;
        long latestMs = nowMs + MAX_AHEAD_MS;
        Faults faults = new Faults();
        for (int index = 0; cursor.next(); index++) {
            while (cursor.nextHeader()) {
                // Each checks what it reads.
            }
            newestMs = Math.max(newestMs, cursor.timestamp());
            if (needsKeys && cursor.keyLength() == RecordCursor.NULL_LENGTH) {
                faults.lacksKey(index);
            } else if (cursor.timestamp() > latestMs) {
                faults.isLaterThan(latestMs, index, cursor.timestamp());
            }
        }
        if (faults.count > 0) {
            return faults.rejection();
        }
        if (newestMs != view.maxTimestamp()) {
            putRight(newestMs);
        }
        return Rejection.NONE;
    }

    /** Some clients do not look for the newest one. Kafka's broker puts it right, too: time indexes go by it. */
    private void putRight(long newestMs) {
        ByteBuffer body = view.buffer();
        int position = view.position();
        body.putLong(position + RecordBatchLayout.MAX_TIMESTAMP_POSITION, newestMs);
        int crc = Crc32c.compute(body, position + RecordBatchLayout.ATTRIBUTES_POSITION, view.sizeInBytes()
                - RecordBatchLayout.ATTRIBUTES_POSITION);
        body.putInt(position + RecordBatchLayout.CRC_POSITION, crc);
    }

    private static Rejection invalid(String message) {
        return new Rejection(Errors.INVALID_RECORD, message);
    }

    /** Records that can't be taken, in a batch that is sound otherwise. */
    private static final class Faults {
        private final List<RecordError> named = new ArrayList<>(0);
        private int count;
        private boolean isOfTime;

        void lacksKey(int index) {
            count++;
            if (named.size() < MAX_NAMED) {
                named.add(new RecordError(index, "a compacted topic takes no record without a key"));
            }
        }

        void isLaterThan(long latestMs, int index, long timestampMs) {
            count++;
            isOfTime = true;
            if (named.size() < MAX_NAMED) {
                named.add(new RecordError(index, "timestamp " + timestampMs + " is later than " + latestMs
                        + ", an hour ahead of the server"));
            }
        }

        Rejection rejection() {
            return new Rejection(isOfTime ? Errors.INVALID_TIMESTAMP : Errors.INVALID_RECORD, count
                    + " records can't be taken, so the batch is refused; the first: " + named.get(0).message(), named);
        }
    }
}
