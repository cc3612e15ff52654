package io.semel.log.batch;

import java.nio.ByteBuffer;
import java.util.Arrays;

import org.apache.kafka.common.utils.internals.ByteUtils;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

class VarintsTest {
    private static final int PAD = 3;

    private final byte[] bytes = new byte[PAD + Varints.MAX_LONG_LENGTH];
    private final ByteBuffer buffer = ByteBuffer.wrap(bytes);

    @Property
    void intsAreWrittenAsKafkaWritesThem(@ForAll int value) {
        ByteBuffer oracle = ByteBuffer.allocate(Varints.MAX_INT_LENGTH);
        ByteUtils.writeVarint(value, oracle);
        int length = oracle.position();
        byte[] expected = Arrays.copyOf(oracle.array(), length);

        assertEquals(length, Varints.sizeOfInt(value));
        assertEquals(PAD + length, Varints.putInt(bytes, PAD, value));
        assertArrayEquals(expected, Arrays.copyOfRange(bytes, PAD, PAD + length));
        assertEquals(length, Varints.lengthOfInt(buffer, PAD, PAD + length));
        assertEquals(Varints.MALFORMED, Varints.lengthOfInt(buffer, PAD, PAD + length - 1));
        assertEquals(value, Varints.getInt(buffer, PAD));
        assertEquals(PAD + length, Varints.putInt(buffer.clear(), PAD, value));
        assertArrayEquals(expected, Arrays.copyOfRange(bytes, PAD, PAD + length));
    }

    @Property
    void longsAreWrittenAsKafkaWritesThem(@ForAll long value) {
        ByteBuffer oracle = ByteBuffer.allocate(Varints.MAX_LONG_LENGTH);
        ByteUtils.writeVarlong(value, oracle);
        int length = oracle.position();
        byte[] expected = Arrays.copyOf(oracle.array(), length);

        assertEquals(length, Varints.sizeOfLong(value));
        assertEquals(PAD + length, Varints.putLong(bytes, PAD, value));
        assertArrayEquals(expected, Arrays.copyOfRange(bytes, PAD, PAD + length));
        assertEquals(length, Varints.lengthOfLong(buffer, PAD, PAD + length));
        assertEquals(Varints.MALFORMED, Varints.lengthOfLong(buffer, PAD, PAD + length - 1));
        assertEquals(value, Varints.getLong(buffer, PAD));
        assertEquals(PAD + length, Varints.putLong(buffer.clear(), PAD, value));
        assertArrayEquals(expected, Arrays.copyOfRange(bytes, PAD, PAD + length));
    }

    @Property
    void countsTakeTheShortPathToTheSameBytes(@ForAll int value) {
        int count = value & Integer.MAX_VALUE >>> (value & 31);
        byte[] expected = new byte[bytes.length];
        int end = Varints.putInt(expected, PAD, count);
        Arrays.fill(bytes, (byte) 0);
        assertEquals(end, RecordEncoder.putCount(bytes, PAD, count));
        assertArrayEquals(expected, bytes);
    }

    @Example
    void everyPowerOfTwoAndItsNeighboursRoundTrip() {
        for (int shift = 0; shift < Long.SIZE; shift++) {
            for (long value = (1L << shift) - 1; value <= (1L << shift) + 1; value++) {
                longsAreWrittenAsKafkaWritesThem(value);
                longsAreWrittenAsKafkaWritesThem(-value);
                intsAreWrittenAsKafkaWritesThem((int) value);
                countsTakeTheShortPathToTheSameBytes((int) value);
                if (value == Long.MAX_VALUE) {
                    break;
                }
            }
        }
    }

    @Example
    void aVarintThatNeverEndsIsMalformed() {
        Arrays.fill(bytes, (byte) 0xff);
        assertEquals(Varints.MALFORMED, Varints.lengthOfInt(buffer, 0, bytes.length));
        assertEquals(Varints.MALFORMED, Varints.lengthOfLong(buffer, 0, bytes.length));
        assertEquals(Varints.MALFORMED, Varints.lengthOfInt(buffer, 1, 1));
        assertEquals(Varints.MALFORMED, Varints.lengthOfInt(buffer, 2, 1));
    }
}
