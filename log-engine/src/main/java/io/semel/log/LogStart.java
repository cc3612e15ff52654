package io.semel.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.log.batch.Crc32c;
import io.semel.log.memory.Disk;

/**
 * Where a log begins: nothing below this offset is served, although it may still stand in the first segment. On disk three
 * lines of text: version, offset, CRC32C of the two in hexadecimal.
 *
 * <p>Invariants: never goes back (L6); on the medium before anybody sees it, and before a file below it is deleted: so
 * recovery can tell what was to be deleted from what is missing.
 *
 * <p>Thread rule: any thread; who writes waits for the disk, and others who write for him.
 */
final class LogStart {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogStart.class);

    static final String FILE_NAME = "log-start-offset";

    /** Nothing tells: then the log begins where its first segment does. */
    static final long UNKNOWN = -1;

    private static final String VERSION = "0";

    private final Disk disk;
    private final Path file;
    private volatile long offset;
    /** Whether the file says the same. */
    private boolean written;

    private LogStart(Disk disk, Path file, long offset) {
        this.disk = disk;
        this.file = file;
        this.offset = offset;
        this.written = offset != UNKNOWN;
    }

    /** Reads the file. One that is missing or damaged tells nothing, and is written anew by {@link #ensureWritten()}. */
    static LogStart load(Disk disk, Path directory) throws IOException {
        Path file = directory.resolve(FILE_NAME);
        if (!disk.exists(file)) {
            return new LogStart(disk, file, UNKNOWN);
        }
        long offset = decode(StandardCharsets.ISO_8859_1.decode(disk.read(file)).toString());
        if (offset == UNKNOWN) {
            LOGGER.warn(
                    "{} is damaged: the log begins with its first segment, and records that were deleted from the middle"
                            + " of it may show again", file);
        }
        return new LogStart(disk, file, offset);
    }

    static long decode(String text) {
        String[] lines = text.split("\n", -1);
        try {
            long found = lines.length < 3 ? UNKNOWN : Long.parseLong(lines[1]);
            return found >= 0 && text.equals(encode(found)) ? found : UNKNOWN;
        } catch (NumberFormatException e) {
            return UNKNOWN;
        }
    }

    private static String encode(long offset) {
        String content = VERSION + '\n' + offset + '\n';
        ByteBuffer bytes = StandardCharsets.ISO_8859_1.encode(content);
        return content + Integer.toHexString(Crc32c.compute(bytes, 0, bytes.remaining())) + '\n';
    }

    boolean isKnown() {
        return offset != UNKNOWN;
    }

    /** The first offset that is served; {@link #UNKNOWN} before {@link #begin}. */
    long offset() {
        return offset;
    }

    /** Takes the first segment's base offset for the start, if nothing else tells. */
    void begin(long firstBaseOffset) {
        if (!isKnown()) {
            offset = firstBaseOffset;
        }
    }

    /** Makes the file say where the log begins, so that a first segment that is lost later is missed. */
    synchronized void ensureWritten() throws IOException {
        if (!written) {
            disk.replace(file, StandardCharsets.ISO_8859_1.encode(encode(offset)));
            written = true;
        }
    }

    /**
     * Moves the start forward; a place at or below it changes nothing.
     *
     * @throws IOException when it may not be on the medium: it stands where it stood, and a restart may find it moved
     */
    synchronized void moveTo(long next) throws IOException {
        if (next > offset) {
            disk.replace(file, StandardCharsets.ISO_8859_1.encode(encode(next)));
            written = true;
            offset = next;
        }
    }

    @Override
    public String toString() {
        return "start=" + offset;
    }
}
