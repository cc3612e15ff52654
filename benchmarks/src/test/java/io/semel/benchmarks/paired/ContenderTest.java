package io.semel.benchmarks.paired;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.semel.benchmarks.paired.Settings.Amounts;
import io.semel.benchmarks.paired.Settings.Depth;
import io.semel.benchmarks.workload.Stopwatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Every contender once, with amounts so small that its figures mean nothing. Each holds itself to what it was asked to
 * do.
 */
class ContenderTest {
    private static final Amounts TINY = new Amounts(2_000, 200_000, 2_000_000);

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "(CHRONICLE|AERON|ARTEMIS)_.*")
    void ownContendersDoWhatTheyAreAsked(Contender contender) throws Exception {
        assumeTrue(contender.obstacle().isEmpty(), () -> contender.obstacle().orElseThrow());
        Stopwatch stopwatch = new Stopwatch();
        Map<String, Long> figures = contender.workload().run(directory, contender.volume().operations(TINY), stopwatch);
        assertTrue(stopwatch.elapsedNs() > 0);
        assertFalse(stopwatch.windows().isEmpty());
        assertNamesWhatItsTargetsAsk(contender, figures);
    }

    /** Less those that differ from another one by a number only: a JVM takes its time to start. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_ANY, names = "(CHRONICLE|AERON|ARTEMIS)_(?!.*(LARGE|500K|SUSTAINED|_16|PACED)).*")
    void peersDoWhatTheyAreAskedInAJvmOfTheirOwn(Contender contender) throws Exception {
        assertEquals(Optional.empty(), contender.obstacle());
        Settings settings = new Settings(Depth.QUICK, 1, TINY, Duration.ZERO, directory);
        Sample sample = new ContenderJvm(settings).measure(contender);
        assertEquals(contender.volume().operations(TINY), sample.operations());
        assertNamesWhatItsTargetsAsk(contender, sample.figures());
        try (var left = Files.list(directory)) {
            assertFalse(left.findAny().isPresent());
        }
    }

    private static void assertNamesWhatItsTargetsAsk(Contender contender, Map<String, Long> figures) {
        for (Claim claim : Claim.values()) {
            for (Target target : claim.targets()) {
                target.figuresOf(contender).forEach(figure -> assertTrue(figures.containsKey(figure), () -> figure
                        + " is asked by " + claim + " and is not in " + figures));
            }
        }
    }
}
