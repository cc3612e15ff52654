package io.semel.log.batch;

import java.nio.ByteBuffer;

/**
 * Says of a record, by its key and headers, whether it is wanted: asked before anything of it is copied or deserialized.
 *
 * <p>Thread rule: called by the reading thread, one record at a time.
 */
@FunctionalInterface
public interface RecordFilter {
    /** The cursor stands on the record, before its first header; it may be moved over the headers. */
    boolean isWanted(RecordCursor record);

    /** Records whose key is exactly these bytes. */
    static RecordFilter keyIs(byte[] key) {
        ByteBuffer wanted = ByteBuffer.wrap(key.clone());
        return record -> equals(record.buffer(), record.keyPosition(), record.keyLength(), wanted);
    }

    /** Records that have a header of that name with exactly that value. */
    static RecordFilter headerIs(byte[] name, byte[] value) {
        ByteBuffer wantedName = ByteBuffer.wrap(name.clone());
        ByteBuffer wantedValue = ByteBuffer.wrap(value.clone());
        return record -> {
            while (record.nextHeader()) {
                if (equals(record.buffer(), record.headerKeyPosition(), record.headerKeyLength(), wantedName)
                        && equals(record.buffer(), record.headerValuePosition(), record.headerValueLength(),
                                wantedValue)) {
                    return true;
                }
            }
            return false;
        };
    }

    private static boolean equals(ByteBuffer buffer, int position, int length, ByteBuffer wanted) {
        if (length != wanted.capacity()) {
            return false;
        }
        for (int index = 0; index < length; index++) {
            if (buffer.get(position + index) != wanted.get(index)) {
                return false;
            }
        }
        return true;
    }
}
