package io.semel.transactions.partition;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import io.semel.log.batch.ControlType;
import io.semel.log.memory.FileDisk;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** T9: what a committed reader is given is a brute-force filter over everything, from every start offset. */
class IsolationTest {
    @Property(tries = 60)
    void aCommittedReaderSeesWhatABruteForceFilterLeaves(
            @ForAll @Size(min = 1, max = 150) List<@IntRange(max = 9999) Integer> choices) throws IOException {
        Path directory = Files.createTempDirectory("semel-isolation");
        try {
            IsolationHistory history = new IsolationHistory();
            try (TestPartition test = TestPartition.open(directory)) {
                for (int choice : choices) {
                    history.step(test, choice);
                }
                history.expect(test);
            }
            try (TestPartition test = TestPartition.open(directory)) {
                history.expect(test);
                for (int choice : choices) {
                    history.step(test, choice / 3);
                }
                history.expect(test);
            }
        } finally {
            FileDisk.instance().delete(directory);
        }
    }

    /**
     * Row 13 (redpanda 7819): the list of aborted transactions and the data must fit at a segment's seam, for a
     * transaction that begins, goes on and ends in different segments.
     */
    @Test
    void anAbortedTransactionIsHiddenInEverySegmentThatItTouches(@TempDir Path directory) throws IOException {
        IsolationHistory history = new IsolationHistory();
        try (TestPartition test = TestPartition.open(directory)) {
            for (int round = 0; round < 60; round++) {
                for (int producer = 0; producer < IsolationHistory.PRODUCERS; producer++) {
                    history.write(test, producer, 1 + round % 5);
                }
                // One ends often, one in each segment or so, one behind many seams, and one stays open.
                if (round % 7 == 6) {
                    history.end(test, 0, ControlType.COMMIT, 0);
                }
                if (round % 9 == 8) {
                    history.end(test, 1, ControlType.ABORT, 0);
                }
            }
            history.end(test, 2, ControlType.ABORT, 0);
            try (Stream<Path> files = Files.list(directory)) {
                long segments = files.filter(file -> file.toString().endsWith(".log")).count();
                assertTrue(segments > 10, () -> segments + " segments");
            }
            history.expect(test);
            history.end(test, 3, ControlType.ABORT, 0);
            history.expect(test);
        }
        try (TestPartition test = TestPartition.open(directory)) {
            history.expect(test);
        }
    }
}
