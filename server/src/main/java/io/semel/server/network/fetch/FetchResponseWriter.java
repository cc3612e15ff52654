package io.semel.server.network.fetch;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.semel.transactions.partition.PartitionSpan.AbortedTransaction;
import io.semel.wire.protocol.Errors;

/**
 * Writes the body of an answer to Fetch: fields in one buffer, and between its parts the mapped bytes themselves.
 *
 * <pre>
 *   throttle int32 | 7+ error int16, session int32 |
 *   topics { -12 name, 13+ id | partitions { index int32 | error int16 | high watermark int64 | stable offset int64 |
 *            5+ start offset int64 | aborted, or null { producer id int64 | first offset int64 } |
 *            11+ preferred replica int32 | length of records | records } }
 *
 *   from 12 on lengths are varints, one more than they say, 0 for null, and each structure ends with its tagged fields
 * </pre>
 *
 * Optional fields that only mean something to replicas, or to clients of many brokers, are left out: diverging epoch,
 * current leader, snapshot, node endpoints.
 *
 * <p>Thread rule: one thread; used once.
 */
final class FetchResponseWriter {
    private static final int FIRST_WITH_START_OFFSET = 5;
    private static final int FIRST_WITH_SESSIONS = 7;
    private static final int FIRST_WITH_PREFERRED_REPLICA = 11;
    private static final int FIRST_FLEXIBLE = 12;
    private static final int FIRST_WITH_TOPIC_IDS = 13;

    private static final int NULL_LENGTH = -1;
    private static final int NO_PREFERRED_REPLICA = -1;
    private static final byte NO_TAGGED_FIELDS = 0;

    /** Room for fields, with lengths of five bytes: never less than what is written. */
    private static final int HEAD_ROOM = 16;
    private static final int TOPIC_ROOM = 32;
    private static final int PARTITION_ROOM = 56;
    private static final int ABORTED_ROOM = 17;

    private final short version;
    private final List<FetchedPartition> found;
    private final ByteBuf fields;
    /** The parts written so far; null while all of them are fields. */
    private CompositeByteBuf parts;
    private int partStart;

    private FetchResponseWriter(short version, List<FetchedPartition> found) {
        this.version = version;
        this.found = found;
        this.fields = ByteBufAllocator.DEFAULT.directBuffer(roomFor(found));
    }

    /**
     * Takes the bytes of all that was found; those of none are left to be released.
     *
     * @param found in their order; topics that stand side by side are told as one
     */
    static ByteBuf write(short version, Errors error, int sessionId, List<FetchedPartition> found) {
        FetchResponseWriter writer = new FetchResponseWriter(version, found);
        boolean done = false;
        try {
            ByteBuf body = writer.write(error, sessionId);
            done = true;
            return body;
        } finally {
            if (!done) {
                writer.abandon();
            }
        }
    }

    private static int roomFor(List<FetchedPartition> found) {
        int room = HEAD_ROOM;
        for (FetchedPartition each : found) {
            room += TOPIC_ROOM + ByteBufUtil.utf8MaxBytes(each.wanted().key().topic()) + PARTITION_ROOM + each.aborted()
                    .size() * ABORTED_ROOM;
        }
        return room;
    }

    private ByteBuf write(Errors error, int sessionId) {
        fields.writeInt(0);
        if (version >= FIRST_WITH_SESSIONS) {
            fields.writeShort(error.code());
            fields.writeInt(sessionId);
        }
        writeCount(topicCount());
        for (int index = 0; index < found.size();) {
            index = writeTopic(index);
        }
        writeTags();
        if (parts == null) {
            return fields;
        }
        endPart();
        fields.release();
        return parts;
    }

    private int topicCount() {
        int count = 0;
        for (int index = 0; index < found.size(); index = endOfTopic(index)) {
            count++;
        }
        return count;
    }

    /** The index after the partitions of the same topic that follow each other from {@code start} on. */
    private int endOfTopic(int start) {
        WantedPartition.Key first = found.get(start).wanted().key();
        int end = start + 1;
        while (end < found.size() && found.get(end).wanted().key().isOfTopic(first)) {
            end++;
        }
        return end;
    }

    private int writeTopic(int start) {
        WantedPartition.Key key = found.get(start).wanted().key();
        int end = endOfTopic(start);
        if (version >= FIRST_WITH_TOPIC_IDS) {
            fields.writeLong(key.topicId().getMostSignificantBits());
            fields.writeLong(key.topicId().getLeastSignificantBits());
        } else {
            int length = ByteBufUtil.utf8Bytes(key.topic());
            if (version >= FIRST_FLEXIBLE) {
                writeVarint(length + 1);
            } else {
                fields.writeShort(length);
            }
            ByteBufUtil.writeUtf8(fields, key.topic());
        }
        writeCount(end - start);
        for (int index = start; index < end; index++) {
            writePartition(found.get(index));
        }
        writeTags();
        return end;
    }

    private void writePartition(FetchedPartition each) {
        fields.writeInt(each.wanted().key().partition());
        fields.writeShort(each.error().code());
        fields.writeLong(each.highWatermark());
        fields.writeLong(each.stableOffset());
        if (version >= FIRST_WITH_START_OFFSET) {
            fields.writeLong(each.startOffset());
        }
        writeAborted(each);
        if (version >= FIRST_WITH_PREFERRED_REPLICA) {
            fields.writeInt(NO_PREFERRED_REPLICA);
        }
        writeCount(each.lengthBytes());
        if (each.lengthBytes() > 0) {
            writeRecords(each);
        }
        writeTags();
    }

    private void writeAborted(FetchedPartition each) {
        List<AbortedTransaction> aborted = each.aborted();
        writeCount(each.hasAbortedList() ? aborted.size() : NULL_LENGTH);
        for (int index = 0; index < aborted.size(); index++) {
            fields.writeLong(aborted.get(index).producerId());
            fields.writeLong(aborted.get(index).firstOffset());
            writeTags();
        }
    }

    private void writeRecords(FetchedPartition each) {
        if (parts == null) {
            // As many components as there can be: past its limit a composite copies them into one.
            parts = ByteBufAllocator.DEFAULT.compositeDirectBuffer(2 * found.size() + 1);
        }
        endPart();
        parts.addComponent(true, each.takeBytes());
    }

    private void endPart() {
        int end = fields.writerIndex();
        if (end > partStart) {
            parts.addComponent(true, fields.retainedSlice(partStart, end - partStart));
            partStart = end;
        }
    }

    /** A length of an array or of bytes; {@link #NULL_LENGTH} for null. */
    private void writeCount(int count) {
        if (version >= FIRST_FLEXIBLE) {
            writeVarint(count + 1);
        } else {
            fields.writeInt(count);
        }
    }

    private void writeTags() {
        if (version >= FIRST_FLEXIBLE) {
            fields.writeByte(NO_TAGGED_FIELDS);
        }
    }

    private void writeVarint(int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            fields.writeByte(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        fields.writeByte(rest);
    }

    private void abandon() {
        fields.release();
        if (parts != null) {
            parts.release();
        }
    }
}
