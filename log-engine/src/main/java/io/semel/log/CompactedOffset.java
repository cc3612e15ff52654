package io.semel.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import io.semel.log.batch.Crc32c;
import io.semel.log.memory.Disk;

/**
 * Up to where a log is compacted: below it every key stands once. On disk three lines of text: version, offset, CRC32C of the
 * two in hexadecimal. A file that is lost or damaged says 0, and all is compacted once more.
 *
 * <p>Thread rule: one thread at a time moves it; any thread looks.
 */
final class CompactedOffset {
    static final String FILE_NAME = "compacted-offset";

    private static final String VERSION = "0";

    private final Disk disk;
    private final Path file;
    private volatile long offset;

    private CompactedOffset(Disk disk, Path file, long offset) {
        this.disk = disk;
        this.file = file;
        this.offset = offset;
    }

    static CompactedOffset load(Disk disk, Path directory) throws IOException {
        Path file = directory.resolve(FILE_NAME);
        long offset = disk.exists(file) ? decode(StandardCharsets.ISO_8859_1.decode(disk.read(file)).toString()) : 0;
        return new CompactedOffset(disk, file, offset);
    }

    private static long decode(String text) {
        String[] lines = text.split("\n", -1);
        try {
            long found = lines.length < 3 ? 0 : Long.parseLong(lines[1]);
            return found > 0 && text.equals(encode(found)) ? found : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String encode(long offset) {
        String content = VERSION + '\n' + offset + '\n';
        ByteBuffer bytes = StandardCharsets.ISO_8859_1.encode(content);
        return content + Integer.toHexString(Crc32c.compute(bytes, 0, bytes.remaining())) + '\n';
    }

    long offset() {
        return offset;
    }

    /** After everything below {@code next} was compacted, durably. */
    void moveTo(long next) throws IOException {
        disk.replace(file, StandardCharsets.ISO_8859_1.encode(encode(next)));
        offset = next;
    }
}
