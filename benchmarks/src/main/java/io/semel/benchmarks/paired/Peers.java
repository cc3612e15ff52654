package io.semel.benchmarks.paired;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the JVM of a peer is started with: flags that stand in files beside this class, and jars. Stateless. */
final class Peers {
    static final String AERON = "aeron";
    static final String ARTEMIS = "artemis";

    private static final List<String> AERONS_OWN = List.of("aeron-", "agrona-");

    private Peers() {
    }

    /** The flags of {@code resource}, one a line. */
    static List<String> flags(String resource) {
        try (InputStream file = Peers.class.getResourceAsStream(resource)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("unreadable resource: " + resource, e);
        }
    }

    /** This JVM's own, on which Aeron is not. */
    static String classPath() {
        return System.getProperty("java.class.path");
    }

    /**
     * This JVM's own with Aeron and the Agrona that Aeron is built for, which is another one than Semel's: nothing of
     * Semel but the harness runs there.
     */
    static String aeronClassPath() {
        List<String> all = new ArrayList<>();
        Arrays.stream(classPath().split(File.pathSeparator)).filter(entry -> !isAerons(entry)).forEach(all::add);
        all.addAll(jarsOf(AERON));
        return String.join(File.pathSeparator, all);
    }

    /**
     * Artemis with all that it brings, first, and behind it this JVM's own: nothing of Semel but the harness runs
     * there.
     */
    static String artemisClassPath() {
        List<String> all = jarsOf(ARTEMIS);
        all.add(classPath());
        return String.join(File.pathSeparator, all);
    }

    private static List<String> jarsOf(String peer) {
        try (Stream<Path> jars = Files.list(directoryOf(peer))) {
            return jars.map(Path::toString).sorted().collect(Collectors.toCollection(ArrayList::new));
        } catch (IOException e) {
            throw new UncheckedIOException("unreadable directory: " + directoryOf(peer), e);
        }
    }

    /** Why a peer with jars of its own can't run here, if it can't. */
    static Optional<String> obstacle(String peer) {
        return Files.isDirectory(directoryOf(peer)) ? Optional.empty()
                : Optional.of("its jars are not in " + directoryOf(peer) + "; build the module benchmarks");
    }

    private static boolean isAerons(String entry) {
        String name = Path.of(entry).getFileName().toString();
        return AERONS_OWN.stream().anyMatch(name::startsWith);
    }

    /** Where the build copies them: beside the classes. */
    private static Path directoryOf(String peer) {
        try {
            Path classes = Path.of(Peers.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            return classes.resolveSibling("peers").resolve(peer);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the classes are nowhere", e);
        }
    }
}
