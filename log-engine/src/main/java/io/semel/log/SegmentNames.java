package io.semel.log;

import java.io.IOException;
import java.nio.file.Path;

import io.semel.log.memory.Disk;

/** How the files of a segment are named: by its base offset in 20 digits, as Kafka does. Stateless. */
final class SegmentNames {
    static final String LOG_SUFFIX = ".log";
    static final String INDEX_SUFFIX = ".index";
    static final String TIME_INDEX_SUFFIX = ".timeindex";
    private static final int DIGITS = 20;

    private SegmentNames() {
    }

    static String fileName(long baseOffset, String suffix) {
        String digits = Long.toString(baseOffset);
        return "0".repeat(DIGITS - digits.length()) + digits + suffix;
    }

    static long baseOffsetOf(Path file) throws CorruptLogException {
        String name = file.getFileName().toString();
        try {
            long baseOffset = Long.parseLong(name.substring(0, name.length() - LOG_SUFFIX.length()));
            if (!name.equals(fileName(baseOffset, LOG_SUFFIX))) {
                throw new NumberFormatException("not 20 digits: " + name);
            }
            return baseOffset;
        } catch (NumberFormatException e) {
            throw new CorruptLogException("not a segment of this log: " + file
                    + "; segments are named by their base offset in 20 digits");
        }
    }

    static Path indexOf(Path logFile) {
        return besides(logFile, INDEX_SUFFIX);
    }

    static Path timeIndexOf(Path logFile) {
        return besides(logFile, TIME_INDEX_SUFFIX);
    }

    private static Path besides(Path logFile, String suffix) {
        String name = logFile.getFileName().toString();
        return logFile.resolveSibling(name.substring(0, name.lastIndexOf('.')) + suffix);
    }

    /** Deletes a segment that nobody has open, the file that says it is there last: a crash in between tries again. */
    static void deleteFiles(Disk disk, Path logFile) throws IOException {
        disk.delete(indexOf(logFile));
        disk.delete(timeIndexOf(logFile));
        disk.delete(logFile);
    }
}
