package io.semel.verify.kafka;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import io.semel.server.child.ChildJvm;

/**
 * Where Kafka's jars are. They are on no class path of ours: a broker brings its own versions of half the world. The
 * build of the modules in {@code verifiable-tests/kafka} fetches them from Maven Central and leaves a list each.
 */
public enum KafkaClassPath {
    BROKER("broker.class-path"), TOOLS("tools.class-path"), OLDER_CLIENTS("older-clients.class-path");

    private static final String REMEDY = "; build it: ./mvnw -pl verifiable-tests -am compile";

    private final String list;

    KafkaClassPath(String list) {
        this.list = list;
    }

    /** Kafka's class path, and what {@link KafkaMain} needs of ours behind it. */
    public String read() {
        String kafka = readList();
        Arrays.stream(kafka.split(File.pathSeparator)).filter(jar -> !Files.isReadable(Path.of(jar))).findFirst()
                .ifPresent(jar -> {
                    throw new IllegalStateException("a jar of Apache Kafka is missing: " + jar + REMEDY);
                });
        return String.join(File.pathSeparator, kafka, locationOf(KafkaMain.class), locationOf(ChildJvm.class));
    }

    private String readList() {
        try (InputStream content = KafkaClassPath.class.getResourceAsStream(list)) {
            if (content == null) {
                throw new IllegalStateException("the list of Apache Kafka's jars is missing: " + list + REMEDY);
            }
            return new String(content.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new IllegalStateException("the list of Apache Kafka's jars can't be read: " + list + REMEDY, e);
        }
    }

    private static String locationOf(Class<?> ours) {
        try {
            return Path.of(ours.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("no file: " + ours.getProtectionDomain().getCodeSource().getLocation(), e);
        }
    }
}
