package io.semel.verify;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A record whose every byte follows from the partition and the number that it bears, so that a reader can tell what it
 * should be. The copy differs from the original, so that a reader can tell which one it sees.
 *
 * <pre>
 *   key    partition int32 | number int64
 *   value  1 to 64 bytes made from both; inverted in the copy
 * </pre>
 */
record VerifiableRecord(int partition, long number) {
    private static final int KEY_LENGTH = Integer.BYTES + Long.BYTES;
    private static final int MAX_VALUE_LENGTH = 64;

    byte[] key() {
        return ByteBuffer.allocate(KEY_LENGTH).putInt(partition).putLong(number).array();
    }

    byte[] value(Side side) {
        long state = (number + 1) * 0x9E3779B97F4A7C15L + partition;
        state ^= state >>> 29;
        byte[] value = new byte[1 + (int) Long.remainderUnsigned(state, MAX_VALUE_LENGTH)];
        for (int index = 0; index < value.length; index++) {
            state = state * 6364136223846793005L + 1442695040888963407L;
            byte drawn = (byte) (state >>> 56);
            value[index] = side == Side.INPUT ? drawn : (byte) ~drawn;
        }
        return value;
    }

    /** The record that {@code key} names, or null when it names none. */
    static VerifiableRecord of(byte[] key) {
        if (key == null || key.length != KEY_LENGTH) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.wrap(key);
        VerifiableRecord named = new VerifiableRecord(buffer.getInt(), buffer.getLong());
        return named.number < 0 ? null : named;
    }

    boolean hasValue(byte[] value, Side side) {
        return Arrays.equals(value, value(side));
    }

    /** Of which topic a record is. */
    enum Side {
        INPUT("in"), COPY("out");

        private final String topic;

        Side(String topic) {
            this.topic = topic;
        }

        String topic() {
            return topic;
        }
    }
}
