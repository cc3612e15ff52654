package io.semel.verify.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;
import io.semel.transactions.records.GroupMetadataKey;
import io.semel.transactions.records.GroupMetadataValue;
import io.semel.transactions.records.OffsetCommitKey;
import io.semel.transactions.records.OffsetCommitValue;
import io.semel.transactions.records.OffsetsRecordType;

/**
 * A batch as it was written, or as it stands in a log.
 *
 * @param base       offset of its first record; {@link #UNKNOWN} before it was answered
 * @param sequence   -1 without one
 * @param texts      one of each record
 * @param marker     whether it ends a transaction, and then how: {@code COMMIT} or {@code ABORT}; else {@code DATA}
 */
record Batch(long base, long producerId, short epoch, int sequence, boolean transactional, Content marker,
        List<String> texts) {
    static final long UNKNOWN = -1;
    static final long NO_PRODUCER = -1;
    static final int NO_SEQUENCE = -1;

    enum Content {
        DATA, COMMIT, ABORT
    }

    static Batch data(long producerId, short epoch, int sequence, boolean transactional, List<String> texts) {
        return new Batch(UNKNOWN, producerId, epoch, sequence, transactional, Content.DATA, texts);
    }

    static Batch offset(long producerId, short epoch, String text) {
        return new Batch(UNKNOWN, producerId, epoch, -1, producerId != NO_PRODUCER, Content.DATA, List.of(text));
    }

    Batch at(long offset) {
        return new Batch(offset, producerId, epoch, sequence, transactional, marker, texts);
    }

    long end() {
        return base + texts.size();
    }

    boolean isMarker() {
        return marker != Content.DATA;
    }

    int lastSequence() {
        return sequence + texts.size() - 1 & Integer.MAX_VALUE;
    }

    /** Reads the batch under the view; those of {@code __consumer_offsets} in words. */
    static Batch of(RecordBatchView view, boolean inOffsetsTopic, RecordCursor cursor) {
        if (view.isControl()) {
            Content content = view.controlType() == ControlType.COMMIT ? Content.COMMIT : Content.ABORT;
            return new Batch(view.baseOffset(), view.producerId(), view.producerEpoch(), -1, true, content, List.of(
                    ""));
        }
        List<String> texts = new ArrayList<>();
        cursor.wrap(view);
        while (cursor.next()) {
            texts.add(inOffsetsTopic ? describe(cursor.keySlice(), cursor.valueSlice()) : StandardCharsets.UTF_8.decode(
                    cursor.valueSlice()).toString());
        }
        return new Batch(view.baseOffset(), view.producerId(), view.producerEpoch(), view.baseSequence(), view
                .isTransactional(), Content.DATA, List.copyOf(texts));
    }

    private static String describe(ByteBuffer key, ByteBuffer value) {
        if (OffsetsRecordType.of(key) == OffsetsRecordType.GROUP_METADATA) {
            return generation(GroupMetadataKey.decode(key).group(), GroupMetadataValue.decode(value).generation());
        }
        OffsetCommitKey of = OffsetCommitKey.decode(key);
        return commit(of.group(), of.topic(), of.partition(), OffsetCommitValue.decode(value).offset());
    }

    static String commit(String group, String topic, int partition, long offset) {
        return key(group, topic, partition) + offset;
    }

    /** How the texts of all commits of one group for one partition begin. */
    static String key(String group, String topic, int partition) {
        return group + ' ' + topic + '-' + partition + '=';
    }

    private static String generation(String group, int generation) {
        return GENERATION + group + ' ' + generation;
    }

    /** How the text of a generation's record begins; no group is named like this. */
    static final String GENERATION = "generation of ";
}
