package io.semel.benchmarks.paired;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class LinesTest {
    @Test
    void aSampleArrivesAsItWasSent() {
        Sample sample = new Sample(3, 4_000_000_000_000L, Map.of("p50Ns", 7L, "p99Ns", 9L));
        assertEquals(Optional.of(sample), Sample.ofLine(sample.toLine()));
    }

    @Test
    void aProfileLineArrivesAsItWasSent() {
        ProfileLine line = new ProfileLine(12, 345, "Unsafe.park < Reader.await");
        assertEquals(Optional.of(line), ProfileLine.ofLine(line.toLine()));
    }

    @Test
    void whatElseAContenderPrintsIsPassedOver() {
        assertEquals(Optional.empty(), Sample.ofLine("Welcome to the queue"));
        assertEquals(Optional.empty(), ProfileLine.ofLine(""));
    }

    @Test
    void jsonEscapesWhatItMust() {
        Map<String, Object> map = new TreeMap<>(Map.of("a\"b", List.of(1, true, "c\\d\n")));
        assertEquals("{\n  \"a\\\"b\": [\n    1,\n    true,\n    \"c\\\\d\\u000a\"\n  ]\n}\n", Json.of(map));
    }
}
