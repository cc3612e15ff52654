package io.semel.transactions.records;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Value of an offset commit in {@code __consumer_offsets}. Reads versions 0 to 4; writes 3, or 4 when the topic's id is
 * known.
 *
 * <pre>
 *   version:int16   offset:int64   leaderEpoch:int32 (3+)   metadata:string   commitTimestampMs:int64
 *   expireTimestampMs:int64 (1 only, read and dropped)      tagged (4+): 0 topicId:uuid
 * </pre>
 */
public record OffsetCommitValue(long offset, int leaderEpoch, String metadata, long commitTimestampMs, UUID topicId) {

    public static final int NO_LEADER_EPOCH = -1;
    /** Kafka's "no topic id". */
    public static final UUID NO_TOPIC_ID = new UUID(0, 0);

    private static final short HIGHEST_FIXED_VERSION = 3;
    private static final short FLEXIBLE_VERSION = 4;
    private static final int UUID_LENGTH = 2 * Long.BYTES;

    public ByteBuffer encode() {
        return encode(new FieldWriter()).toBuffer();
    }

    public FieldWriter encode(FieldWriter writer) {
        if (topicId.equals(NO_TOPIC_ID)) {
            return encodeFields(writer.int16(HIGHEST_FIXED_VERSION));
        }
        return encodeFields(writer.int16(FLEXIBLE_VERSION).encoding(Encoding.COMPACT)).unsignedVarint(1)
                .tag(Tag.OFFSET_TOPIC_ID, UUID_LENGTH).uuid(topicId);
    }

    private FieldWriter encodeFields(FieldWriter writer) {
        return writer.int64(offset).int32(leaderEpoch).string(metadata).int64(commitTimestampMs);
    }

    public static OffsetCommitValue decode(ByteBuffer value) {
        FieldReader reader = new FieldReader("offset commit value", value);
        short version = reader.int16Within("version", 0, FLEXIBLE_VERSION);
        boolean flexible = version >= FLEXIBLE_VERSION;
        reader.encoding(flexible ? Encoding.COMPACT : Encoding.FIXED);

        long offset = reader.int64();
        int leaderEpoch = version >= 3 ? reader.int32() : NO_LEADER_EPOCH;
        String metadata = reader.string();
        long commitTimestampMs = reader.int64();
        if (version == 1) {
            reader.int64();
        }
        UUID topicId = flexible ? topicId(reader) : NO_TOPIC_ID;
        reader.end();
        return new OffsetCommitValue(offset, leaderEpoch, metadata, commitTimestampMs, topicId);
    }

    private static UUID topicId(FieldReader reader) {
        UUID[] found = {NO_TOPIC_ID};
        reader.taggedFields((tag, field) -> {
            if (tag != Tag.OFFSET_TOPIC_ID) {
                return false;
            }
            found[0] = field.uuid();
            return true;
        });
        return found[0];
    }
}
