package io.semel.verify.rdkafka;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class KcatFormatTest {
    private static List<ShownRecord> parse(String printed) {
        return KcatFormat.parse(printed.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void keysAndValuesMayHoldWhatStandsBetweenThem() {
        assertEquals(List.of(new ShownRecord(7, 1_700_000_000_000L, "|\n", "a|\n \0\u00ff", "name=v,none=NULL"),
                new ShownRecord(9, 5, "", "x", "")),
                parse("7 1700000000000 2 6 ||\na|\n \0\u00ff|name=v,none=NULL\n9 5 0 1 |x|\n"));
    }

    @Test
    void aNullIsNotAnEmptyOne() {
        assertEquals(List.of(new ShownRecord(0, 1, null, "", ""), new ShownRecord(1, 1, "", null, "")),
                parse("0 1 -1 0 ||\n1 1 0 -1 ||\n"));
    }

    @Test
    void nothingIsNoRecord() {
        assertEquals(List.of(), parse(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7 1 1 1 |kv|", "7 1 1 2 |kv|\n", "7 1 1 1 |kvv|\n", "7 1 1 |kv|\n", "seven 1 1 1 |kv|\n"})
    void whatIsNoRecordIsADifference(String printed) {
        assertThrows(DifferenceException.class, () -> parse(printed));
    }
}
