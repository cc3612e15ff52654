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
import java.util.stream.Stream;

/** What the JVM of a peer is started with: flags that stand in files beside this class, and jars. Stateless. */
final class Peers {
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
     * This JVM's own with Aeron and the Agrona that Aeron is built for, which is another one than Semel's: nothing of Semel
     * but the harness runs there.
     */
    static String aeronClassPath() {
        List<String> all = new ArrayList<>();
        Arrays.stream(classPath().split(File.pathSeparator)).filter(entry -> !isAerons(entry)).forEach(all::add);
        try (Stream<Path> jars = Files.list(aeronDirectory())) {
            jars.map(Path::toString).sorted().forEach(all::add);
        } catch (IOException e) {
            throw new UncheckedIOException("unreadable directory: " + aeronDirectory(), e);
        }
        return String.join(File.pathSeparator, all);
    }

    /** Why Aeron can't run here, if it can't. */
    static Optional<String> aeronObstacle() {
        return Files.isDirectory(aeronDirectory()) ? Optional.empty()
                : Optional.of("its jars are not in " + aeronDirectory() + "; build the module benchmarks");
    }

    private static boolean isAerons(String entry) {
        String name = Path.of(entry).getFileName().toString();
        return AERONS_OWN.stream().anyMatch(name::startsWith);
    }

    /** Where the build copies them: beside the classes. */
    private static Path aeronDirectory() {
        try {
            Path classes = Path.of(Peers.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            return classes.resolveSibling("peers").resolve("aeron");
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the classes are nowhere", e);
        }
    }
}
