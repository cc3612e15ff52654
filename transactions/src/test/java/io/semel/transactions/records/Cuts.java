package io.semel.transactions.records;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

import static org.junit.jupiter.api.Assertions.assertThrows;

/** Damages a record at every byte and watches the decoder refuse it, or at least fail in no other way. */
final class Cuts {

    private Cuts() {
    }

    static void everyCutAndEveryFlipIsTyped(ByteBuffer whole, Consumer<ByteBuffer> decode) {
        byte[] bytes = bytes(whole);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(CorruptRecordException.class, () -> decode.accept(ByteBuffer.wrap(cut)),
                    () -> "cut to " + cut.length + " of " + bytes.length);
        }
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        assertThrows(CorruptRecordException.class, () -> decode.accept(ByteBuffer.wrap(longer)));
        for (int bit = 0; bit < bytes.length * Byte.SIZE; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            decodesOrIsCorrupt(flipped, decode, bit);
        }
    }

    private static void decodesOrIsCorrupt(byte[] flipped, Consumer<ByteBuffer> decode, int bit) {
        try {
            decode.accept(ByteBuffer.wrap(flipped));
        } catch (CorruptRecordException expected) {
            // A flip may also give another valid record: checksums are the batch's business.
        } catch (RuntimeException other) {
            throw new AssertionError("flipped bit " + bit + " of " + Arrays.toString(flipped), other);
        }
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
