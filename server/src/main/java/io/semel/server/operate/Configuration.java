package io.semel.server.operate;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

import io.semel.server.UsageException;
import io.semel.server.network.request.ServerSettings;

/**
 * What the server is told, from where it is told: a file, the environment, the command line; who comes later has the
 * last word. Each name is remembered with its place, so that a mistake can be found.
 *
 * <p>Thread rule: one thread.
 */
final class Configuration {
    private static final String ENVIRONMENT = "SEMEL_";

    /** For the launcher and for people; no settings. */
    private static final Set<String> OTHER_VARIABLES = Set.of("SEMEL_DEBUG", "SEMEL_TERMINAL", "SEMEL_JAVA_OPTS");

    /** What Kubernetes puts into every container when a service is called semel. */
    private static final Pattern SERVICE_LINKS = Pattern.compile("SEMEL(_.*)?_(SERVICE_HOST|SERVICE_PORT(_.*)?)"
            + "|SEMEL(_.*)?_PORT(_\\d+_(TCP|UDP)(_.*)?)?");

    private final Map<String, String> values = new TreeMap<>();
    private final Map<String, String> places = new TreeMap<>();

    /** A file of Java properties: Kafka's {@code server.properties} is one. */
    Configuration addFile(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageException("configuration can't be read: " + file + ": " + e, e);
        }
        properties.stringPropertyNames().forEach(name -> add(name, properties.getProperty(name), file.toString()));
        return this;
    }

    /** {@code SEMEL_NUM_PARTITIONS} is {@code num.partitions}; {@code SEMEL_SEMEL_BROKERS} is {@code semel.brokers}. */
    Configuration addEnvironment(Map<String, String> environment) {
        environment.forEach((variable, value) -> {
            boolean isOurs = variable.startsWith(ENVIRONMENT) && !OTHER_VARIABLES.contains(variable)
                    && !SERVICE_LINKS.matcher(variable).matches();
            if (isOurs) {
                String name = variable.substring(ENVIRONMENT.length()).toLowerCase(Locale.ROOT).replace('_', '.');
                add(name, value, "environment variable " + variable);
            }
        });
        return this;
    }

    Configuration add(String name, String value, String place) {
        values.put(name, value);
        places.put(name, place);
        return this;
    }

    /** As {@link #add}, unless nothing was said. */
    Configuration addIfGiven(String name, Object value, String place) {
        return value == null ? this : add(name, value.toString(), place);
    }

    /** Empty when nobody gave it. */
    String value(String name) {
        return values.getOrDefault(name, "").trim();
    }

    /** @throws UsageException when a name is not known, or a value not allowed; it says where that stands */
    ServerSettings settings() {
        values.forEach((name, value) -> {
            try {
                ServerSettings.of(Map.of(name, value));
            } catch (IllegalArgumentException e) {
                throw new UsageException(e.getMessage() + " (" + places.get(name) + ')', e);
            }
        });
        return ServerSettings.of(values);
    }
}
