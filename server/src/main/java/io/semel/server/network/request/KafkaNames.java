package io.semel.server.network.request;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;

/** Names that Kafka's broker has, and that are not in {@link SettingTable}. Read when somebody gives one. Stateless. */
final class KafkaNames {
    /** Listeners' own settings begin so, whatever the listener's name. */
    private static final String OF_ONE_LISTENER = "listener.name.";

    private KafkaNames() {
    }

    /** Reading over them changes nothing that anybody asked for. */
    static Set<String> withoutMeaning() {
        return read("no-meaning.names");
    }

    /** Reading over them would. */
    static Set<String> notServed() {
        return read("not-served.names");
    }

    static boolean isNotServed(String name) {
        return name.startsWith(OF_ONE_LISTENER) || notServed().contains(name);
    }

    private static Set<String> read(String resource) {
        try (InputStream stream = KafkaNames.class.getResourceAsStream(resource);
                BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return reader.lines().filter(line -> !line.startsWith("#")).collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
