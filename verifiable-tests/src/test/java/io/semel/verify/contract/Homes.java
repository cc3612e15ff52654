package io.semel.verify.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

import io.semel.client.Semel;
import io.semel.server.SemelServer;
import io.semel.verify.kafka.KafkaBroker;

/** The homes by the names that the list of differences uses, each opened once for all contracts. */
enum Homes {
    KAFKA {
        @Override
        Home open(Path directory) throws Exception {
            KafkaBroker broker = KafkaBroker.create(directory, QUICK);
            return new ConnectedHome(broker.bootstrapServers(), broker::close);
        }
    },
    EMBEDDED {
        @Override
        Home open(Path directory) throws Exception {
            return EmbeddedHome.open(directory);
        }
    },
    /** kafka-clients' own clients at Semel's port. */
    SERVER {
        @Override
        Home open(Path directory) throws Exception {
            Semel semel = Semel.open(directory);
            SemelServer server = SemelServer.listen(semel, SemelServer.Options.onPort(0).with(
                    "auto.create.topics.enable", "false"));
            return new ConnectedHome(server.bootstrapServers(), semel::close);
        }
    };

    /** Nothing here is timed, so nothing should wait: a broker for tests looks often, and lets short sessions be. */
    private static final Map<String, String> QUICK = Map.of(
            "group.min.session.timeout.ms", "100",
            "transaction.abort.timed.out.transaction.cleanup.interval.ms", "200",
            // The contracts' records are as old as they like, and stay.
            "log.retention.ms", "-1");

    private static final Namespace NAMESPACE = Namespace.create(Homes.class);

    abstract Home open(Path directory) throws Exception;

    /** As the list of differences calls it. */
    String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The home, opened with the first contract and closed behind the last one of this JVM. */
    Home of(ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE).getOrComputeIfAbsent(this, Homes::openInOwnDirectory, Open.class)
                .home();
    }

    private static Open openInOwnDirectory(Homes which) {
        try {
            Path directory = Files.createTempDirectory("semel-contract-" + which.title());
            return new Open(which.open(directory), directory);
        } catch (Exception e) {
            throw new IllegalStateException("home does not open: " + which, e);
        }
    }

    private record Open(Home home, Path directory) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            home.close();
            try (Stream<Path> files = Files.walk(directory)) {
                List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
                deepestFirst.forEach(Open::delete);
            }
        }

        private static void delete(Path path) {
            try {
                Files.delete(path);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
