package io.semel.verify.programs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.semel.server.inspect.Fields;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class JsonTest {
    @Test
    void valuesOfAllKindsAreRead() throws Json.BrokenException {
        Map<String, Object> read = Json.objectOf(
                " {\"a\" : 1, \"b\":-2.5e1,\"c\":\"x\",\"d\":null,\"e\":[true,false,[]],\"f\":{},\"g\":{\"h\":[{\"i\":0}]}}");
        assertEquals(List.of("a", "b", "c", "d", "e", "f", "g"), List.copyOf(read.keySet()));
        assertEquals(Arrays.asList(1L, -25.0, "x", null, List.of(true, false, List.of()), Map.of(), Map.of("h", List.of(
                Map
                        .of("i", 0L)))), new ArrayList<>(read.values()));
    }

    @Test
    void whatIsWrittenIsRead() throws Json.BrokenException {
        String odd = "\"\\\n\t\u0001 \u00e4 \ud83d\ude00 /";
        assertEquals(Map.of("odd", odd), Json.objectOf(new Fields().with("odd", odd).json()));
        assertEquals(Map.of("odd", "/\b\f\r"), Json.objectOf("{\"odd\":\"\\/\\b\\f\\r\"}"));
    }

    @Test
    void aLineThatIsCutOffAnywhereIsBroken() throws Json.BrokenException {
        String whole = "{\"a\":[1,\"x\\u00e4\",{\"b\":null}],\"c\":true}";
        Json.objectOf(whole);
        for (int length = 0; length < whole.length(); length++) {
            String cut = whole.substring(0, length);
            assertThrows(Json.BrokenException.class, () -> Json.objectOf(cut), cut);
        }
    }

    @Test
    void whatIsNoObjectIsBroken() {
        for (String line : List.of("[]", "x", "{}{}", "{\"a\":nul}", "{\"a\":1 2}", "{,}", "{\"a\":\"\\x\"}",
                "{\"a\":--}",
                "{\"a\":" + "[".repeat(100_000))) {
            assertThrows(Json.BrokenException.class, () -> Json.objectOf(line), line);
        }
    }
}
