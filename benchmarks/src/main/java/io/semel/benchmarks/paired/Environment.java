package io.semel.benchmarks.paired;

import java.io.File;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where and on what a run was made: figures without it are worth nothing. Stateless. */
public final class Environment {
    private static final String UNKNOWN = "unknown";
    private static final int GIT_LIMIT_SECONDS = 10;

    private Environment() {
    }

    /** @param directory the one that the contenders write to */
    public static Map<String, Object> describe(Path directory) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("commit", commit());
        all.put("jdk", System.getProperty("java.vm.name") + ' ' + System.getProperty("java.vm.version"));
        all.put("collector", ManagementFactory.getGarbageCollectorMXBeans().stream()
                .map(GarbageCollectorMXBean::getName).collect(Collectors.joining(", ")));
        all.put("os", System.getProperty("os.name") + ' ' + System.getProperty("os.version") + ' ' + System.getProperty(
                "os.arch"));
        all.put("processor", fieldOf(Path.of("/proc/cpuinfo"), "model name"));
        all.put("cores", Runtime.getRuntime().availableProcessors());
        all.put("memory", fieldOf(Path.of("/proc/meminfo"), "MemTotal"));
        all.put("fileSystem", Files.getFileStore(directory).type());
        all.put("loadBefore", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        return all;
    }

    /** Whether there is such a command on the path of this process. */
    static boolean hasCommand(String name) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
    }

    /** The value of the first line of the form {@code name : value}, where Linux keeps such files. */
    private static String fieldOf(Path file, String name) throws IOException {
        if (!Files.isReadable(file)) {
            return UNKNOWN;
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name)).map(line -> line.substring(line.indexOf(':') + 1)
                    .strip()).findFirst().orElse(UNKNOWN);
        }
    }

    private static String commit() throws IOException {
        Process git;
        try {
            git = new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=40").redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            return UNKNOWN;
        }
        String output = new String(git.getInputStream().readAllBytes()).strip();
        try {
            return git.waitFor(GIT_LIMIT_SECONDS, TimeUnit.SECONDS) && git.exitValue() == 0 ? output : UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        }
    }
}
