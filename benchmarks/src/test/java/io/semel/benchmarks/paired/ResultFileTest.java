package io.semel.benchmarks.paired;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.benchmarks.paired.Settings.Amounts;
import io.semel.benchmarks.paired.Settings.Depth;

import static org.junit.jupiter.api.Assertions.assertTrue;

class ResultFileTest {
    @TempDir
    Path directory;

    @Test
    void whatIsNeededToDoubtAResultStandsInIt() throws Exception {
        Results results = new Results();
        results.add(Contender.COPY_LIMIT, new Sample(10, 1_000_000_000L, Map.of("p50Ns", 7L)));
        results.skip(Contender.MEMORY_SEGMENT, "this is JDK \"17\"");
        Path file = directory.resolve("results/a.json");
        ResultFile.write(file, Map.of("commit", "abc-dirty"), new Settings(Depth.QUICK, 1, new Amounts(1, 2, 3),
                Duration.ofMillis(4), directory), EnumSet.of(Claim.MEMORY), results);
        String json = Files.readString(file);
        for (String expected : new String[] {"\"commit\": \"abc-dirty\"", "\"depth\": \"QUICK\"", "\"openBytes\": 3",
            "\"id\": \"MEMORY\"", "\"notMeasured\": \"copy into pages, blocks ready: what lost >= 1.0\"",
            "\"memory-segment\": \"this is JDK \\\"17\\\"\"", "\"medianPerSecond\": 10", "\"p50Ns\": 7"}) {
            assertTrue(json.contains(expected), () -> expected + " is missing in " + json);
        }
    }
}
