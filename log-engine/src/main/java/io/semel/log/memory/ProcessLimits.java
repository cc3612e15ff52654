package io.semel.log.memory;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What Linux allows this process. Read from its files and not from the JDK's beans: those are a module that not every runtime
 * has, and take longer to load than a directory takes to open. Stateless.
 */
final class ProcessLimits {
    private static final Path OF_PROCESS = Path.of("/proc/self/limits");
    private static final String MAX_MAP_COUNT = "/proc/sys/vm/max_map_count";
    private static final int MAX_DIGITS = 32;
    private static final String OPEN_FILES = "Max open files";

    private ProcessLimits() {
    }

    /** The soft limit, which the JVM raises to the hard one when it starts; empty where it is not told. */
    static Optional<Long> openFiles() {
        try {
            return Files.readAllLines(OF_PROCESS).stream().filter(line -> line.startsWith(OPEN_FILES))
                    .map(line -> line.substring(OPEN_FILES.length()).trim().split("\\s+")[0]).findFirst()
                    .flatMap(ProcessLimits::number);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** How many mappings there may be; empty where it is not told. */
    static Optional<Long> mappings() {
        // In one read: the kernel answers a second one with the end of the file, however little the first one took.
        byte[] bytes = new byte[MAX_DIGITS];
        try (FileInputStream file = new FileInputStream(MAX_MAP_COUNT)) {
            int length = file.read(bytes);
            return length < 0 ? Optional.empty()
                    : number(new String(bytes, 0, length, StandardCharsets.US_ASCII).trim());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<Long> number(String text) {
        return text.matches("[0-9]{1,18}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }
}
