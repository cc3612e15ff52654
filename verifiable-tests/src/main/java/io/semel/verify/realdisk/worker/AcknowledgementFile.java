package io.semel.verify.realdisk.worker;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What one author was told, in a file on a disk that is not the one under test. Each entry is one write, so it is there
 * whole or not at all when the process is killed; what is cut short at the end counts as not told.
 *
 * <p>Thread rule: one thread writes; anybody reads the files of others.
 */
final class AcknowledgementFile implements AutoCloseable {
    private static final String SUFFIX = ".acks";
    private static final int ENTRY_LENGTH = 2 * Long.BYTES + Integer.BYTES;
    private static final int RADIX = 16;

    private final long author;
    private final FileOutputStream file;
    private final ByteBuffer entry = ByteBuffer.allocate(ENTRY_LENGTH);

    private AcknowledgementFile(long author, FileOutputStream file) {
        this.author = author;
        this.file = file;
    }

    static AcknowledgementFile create(Path directory, long author) throws IOException {
        Path path = directory.resolve(Long.toString(author, RADIX) + SUFFIX);
        return new AcknowledgementFile(author, new FileOutputStream(path.toFile()));
    }

    long author() {
        return author;
    }

    void add(long offset, long sequence, int count) throws IOException {
        entry.putLong(0, offset).putLong(Long.BYTES, sequence).putInt(2 * Long.BYTES, count);
        file.write(entry.array());
    }

    /** All that any author was told about one partition. */
    static List<Acknowledged> readAll(Path directory, int partition) throws IOException {
        List<Acknowledged> all = new ArrayList<>();
        for (Path file : filesOf(directory, partition)) {
            read(ByteBuffer.wrap(Files.readAllBytes(file)), authorOf(file), all);
        }
        return all;
    }

    /** Nobody holds anybody to what was acknowledged of one partition so far. */
    static void forgetAll(Path directory, int partition) throws IOException {
        for (Path file : filesOf(directory, partition)) {
            Files.delete(file);
        }
    }

    private static List<Path> filesOf(Path directory, int partition) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(each -> each.toString().endsWith(SUFFIX) && Content.partitionOf(authorOf(
                    each)) == partition).sorted().toList();
        }
    }

    private static long authorOf(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()), RADIX);
    }

    private static void read(ByteBuffer entries, long author, List<Acknowledged> target) {
        while (entries.remaining() >= ENTRY_LENGTH) {
            target.add(new Acknowledged(author, entries.getLong(), entries.getLong(), entries.getInt()));
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
