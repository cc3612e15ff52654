package io.semel.transactions.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** T1, T6, T8, G1: whatever the history, what committed readers and groups see is what a naive model says. */
class TransactionModelTest {
    /** One thing that happens; what {@code who} and {@code where} mean depends on the kind. */
    record Step(Kind kind, int who, int where) {
    }

    enum Kind {
        OPEN, BEGIN, APPEND, OFFSET, COMMIT, ABORT, COMMIT_HELD_UP, TIMEOUT, PASS, CRASH, CRASH_IN_COMMIT, REMAKE_TOPIC
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        // Weighed so that histories get somewhere: most steps write and commit.
        Arbitrary<Kind> kinds = Arbitraries.of(Kind.OPEN, Kind.BEGIN, Kind.BEGIN, Kind.BEGIN, Kind.APPEND, Kind.APPEND,
                Kind.APPEND, Kind.APPEND, Kind.OFFSET, Kind.OFFSET, Kind.COMMIT, Kind.COMMIT, Kind.COMMIT, Kind.ABORT,
                Kind.COMMIT_HELD_UP, Kind.TIMEOUT, Kind.PASS, Kind.CRASH, Kind.CRASH_IN_COMMIT, Kind.REMAKE_TOPIC);
        return Combinators.combine(kinds, Arbitraries.integers().between(0, 7), Arbitraries.integers().between(0, 7))
                .as(Step::new).list().ofMinSize(5).ofMaxSize(60);
    }

    @Property(tries = 60)
    void committedReadsAndOffsetsAreTheModels(@ForAll("histories") List<Step> history) throws IOException {
        Path root = Files.createTempDirectory("semel-model");
        try (BrokerRig rig = new BrokerRig(root).topics(TransactionModel.TOPICS.toArray(String[]::new))) {
            TransactionModel model = new TransactionModel(rig);
            for (Step step : history) {
                model.take(step);
                model.check();
            }
            model.crash();
            model.check();
        } finally {
            delete(root);
        }
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            tree.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
