package io.semel.server.child;

import java.util.Optional;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

class ReportLineTest {
    private enum Kind {
        COUNTS, WORDS
    }

    @Test
    void whatWasSaidIsUnderstood() {
        ReportLine counts = ReportLine.parse(ReportLine.of(Kind.COUNTS, 1, 22, 333).toString()).orElseThrow();
        assertEquals(Kind.COUNTS, counts.kindIn(Kind.class));
        assertArrayEquals(new long[] {1, 22, 333}, counts.counts());
        ReportLine words = ReportLine.parse(ReportLine.of(Kind.WORDS, "two\nlines .").toString()).orElseThrow();
        assertEquals("two lines .", words.rest());
    }

    @Test
    void aReportWithoutCountsHasNone() {
        assertEquals(0, ReportLine.parse(ReportLine.of(Kind.COUNTS).toString()).orElseThrow().counts().length);
    }

    @Test
    void aLineCutShortAtAnyByteIsNoReport() {
        String whole = ReportLine.of(Kind.COUNTS, 12, 345).toString();
        for (int length = 0; length < whole.length(); length++) {
            assertEquals(Optional.empty(), ReportLine.parse(whole.substring(0, length)));
        }
    }

    @Test
    void whatALibraryPrintsIsNoReport() {
        assertEquals(Optional.empty(), ReportLine.parse("SLF4J: no providers were found ."));
    }
}
