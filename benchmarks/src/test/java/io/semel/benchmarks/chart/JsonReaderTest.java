package io.semel.benchmarks.chart;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class JsonReaderTest {
    @Test
    void everyKindOfValueIsRead() {
        assertEquals(Map.of("a", List.of(1.0, -2.5e3), "b", Map.of(), "c", List.of(true, false, JsonReader.NULL)),
                JsonReader.read(" {\"a\": [1, -2.5e3], \"b\": {},\n \"c\": [true, false, null]} "));
    }

    @Test
    void escapesAreUndone() {
        assertEquals("a \"b\" \\ \n \u00e9", JsonReader.read("\"a \\\"b\\\" \\\\ \\n \\u00e9\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[1,", "[1 2]", "{\"a\" 1}", "{\"a\":1,}", "nothing", "\"open", "1 2", "\"\\u00",
        "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]"})
    void whatIsNotJsonIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> JsonReader.read(text));
    }
}
