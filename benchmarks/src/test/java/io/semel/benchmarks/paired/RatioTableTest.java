package io.semel.benchmarks.paired;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import io.semel.benchmarks.paired.Settings.Depth;

import static io.semel.benchmarks.paired.Contender.CHRONICLE_BYTES;
import static io.semel.benchmarks.paired.Contender.CHRONICLE_DOCUMENT;
import static io.semel.benchmarks.paired.Contender.SEMEL_APPEND_SINGLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RatioTableTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final Set<Claim> CLAIMS = EnumSet.of(Claim.S2);

    private final Results results = new Results();

    @Test
    void whatIsAskedStandsBesideWhatCameOut() {
        rates(SEMEL_APPEND_SINGLE, 26, 13, 30);
        rates(CHRONICLE_DOCUMENT, 10, 10, 10);
        rates(CHRONICLE_BYTES, 20, 20, 20);
        List<String> lines = RatioTable.lines(Depth.FULL, CLAIMS, results);
        assertEquals(3, lines.size());
        assertEquals(List.of("S2", "Semel, every record its own batch", "Chronicle's best append", "1.30",
                "0.65 .. 1.50", ">= 1.30", "reached"), columns(lines.get(2)));
    }

    @Test
    void whatIsMissedIsSaidAloud() {
        rates(SEMEL_APPEND_SINGLE, 25);
        rates(CHRONICLE_DOCUMENT, 20);
        rates(CHRONICLE_BYTES, 10);
        assertTrue(RatioTable.lines(Depth.FULL, CLAIMS, results).get(2).endsWith("MISSED"));
    }

    @Test
    void aTargetWithoutItsPeerIsNamedAndNotJudged() {
        rates(SEMEL_APPEND_SINGLE, 25);
        String line = RatioTable.lines(Depth.FULL, CLAIMS, results).get(2);
        assertTrue(line.endsWith("Semel, every record its own batch: Chronicle's best append >= 1.3: not measured"),
                line);
    }

    @Test
    void aQuickRunSaysThatItProvesNothing() {
        assertTrue(RatioTable.lines(Depth.QUICK, CLAIMS, results).get(0).contains("QUICK"));
        assertFalse(RatioTable.lines(Depth.FULL, CLAIMS, results).get(0).contains("QUICK"));
    }

    private static List<String> columns(String line) {
        return List.of(line.split(" {2,}"));
    }

    private void rates(Contender contender, long... perSecond) {
        for (long operations : perSecond) {
            results.add(contender, new Sample(operations, SECOND_NS, Map.of()));
        }
    }
}
