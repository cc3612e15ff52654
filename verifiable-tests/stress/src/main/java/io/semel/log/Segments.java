package io.semel.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

import io.semel.log.memory.HeapDisk;

/** Segments too small for a log, so that millions of them can be raced for. Stateless. */
final class Segments {
    private static final int CAPACITY_BYTES = 1024;

    private Segments() {
    }

    static Segment open() {
        try {
            return Segment.first(new HeapDisk(CAPACITY_BYTES), Path.of(""), LogConfig.DEFAULT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Claims as {@link Log#tryClaim} does, and says what: {@code position:bytes offset+records}. */
    static String claim(Segment segment, int recordCount, int lengthBytes) {
        long word = segment.claimsAcquire();
        while (!ClaimWord.isSealed(word)) {
            if (segment.compareAndSetClaims(word, ClaimWord.plus(word, recordCount, lengthBytes))) {
                return ClaimWord.bytes(word) + ":" + lengthBytes + " " + ClaimWord.records(word) + "+" + recordCount;
            }
            word = segment.claimsAcquire();
        }
        return "sealed";
    }
}
