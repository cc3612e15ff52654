package io.semel.transactions.records;

import java.nio.ByteBuffer;

/** Kind of a record in {@code __consumer_offsets}, read from the first two bytes of its key. */
public enum OffsetsRecordType {
    OFFSET_COMMIT, GROUP_METADATA, CONSUMER_GROUP;

    /** Looks at the key without moving its position. */
    public static OffsetsRecordType of(ByteBuffer key) {
        short type = new FieldReader("key in __consumer_offsets", key).int16Within("type",
                OffsetCommitKey.LEGACY_TYPE, ConsumerGroupKey.TYPE);
        if (type == ConsumerGroupKey.TYPE) {
            return CONSUMER_GROUP;
        }
        return type == GroupMetadataKey.TYPE ? GROUP_METADATA : OFFSET_COMMIT;
    }
}
