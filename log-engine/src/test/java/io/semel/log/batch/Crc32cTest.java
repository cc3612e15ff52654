package io.semel.log.batch;

import java.nio.ByteBuffer;

import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class Crc32cTest {
    private static final byte[] TEXT = "..123456789..".getBytes(US_ASCII);
    /** The check value that every catalogue of CRCs gives for "123456789". */
    private static final int CHECK = 0xe3069283;

    @Test
    void everyKindOfBufferGivesTheCataloguesValue() {
        ByteBuffer direct = ByteBuffer.allocateDirect(TEXT.length).put(0, TEXT);
        ByteBuffer heap = ByteBuffer.wrap(TEXT);
        assertEquals(CHECK, Crc32c.compute(heap, 2, 9));
        assertEquals(CHECK, Crc32c.compute(heap.slice(1, 11), 1, 9));
        assertEquals(CHECK, Crc32c.compute(heap.asReadOnlyBuffer(), 2, 9));
        assertEquals(CHECK, Crc32c.compute(direct, 2, 9));
        assertEquals(CHECK, Crc32c.compute(direct.slice(1, 11), 1, 9));
        assertEquals(CHECK, Crc32c.compute(direct.asReadOnlyBuffer(), 2, 9));
    }

    @Test
    void oneInstanceGoesBackAndForthBetweenBuffers() {
        Crc32c crc = new Crc32c();
        ByteBuffer first = ByteBuffer.allocateDirect(TEXT.length).put(0, TEXT);
        ByteBuffer second = ByteBuffer.allocateDirect(9).put(0, TEXT, 2, 9);
        for (int i = 0; i < 3; i++) {
            assertEquals(CHECK, crc.checksum(first, 2, 9));
            assertEquals(CHECK, crc.checksum(second, 0, 9));
            assertEquals(0, crc.checksum(first, 0, 0));
        }
    }

    @Test
    void positionAndLimitStayAsTheyWere() {
        ByteBuffer direct = ByteBuffer.allocateDirect(TEXT.length).put(0, TEXT).position(5).limit(12);
        assertEquals(CHECK, Crc32c.compute(direct, 2, 9));
        assertEquals(5, direct.position());
        assertEquals(12, direct.limit());
    }

    @Test
    void nothingPastTheLimitIsRead() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(8).limit(4);
        assertThrows(IndexOutOfBoundsException.class, () -> Crc32c.compute(buffer, 0, 5));
        assertThrows(IndexOutOfBoundsException.class, () -> Crc32c.compute(buffer, -1, 2));
    }
}
