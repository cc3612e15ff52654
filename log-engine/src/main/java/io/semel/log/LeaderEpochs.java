package io.semel.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.semel.log.batch.Crc32c;
import io.semel.log.memory.Disk;

/**
 * Which leader epoch began at which offset; on disk Kafka's {@code leader-epoch-checkpoint}: a version line, a count
 * line, then one line "epoch offset" per epoch, ascending; and two of ours: the offset from which on the epochs are certain,
 * and the CRC32C of all lines above in hexadecimal.
 *
 * <p>The epoch rises whenever a log is opened after an unclean end: an offset whose record was lost with the tail is
 * then never mistaken for the one that takes its place. Nor is the lost record, should it come back: at or past the offset
 * where an epoch began nothing of an earlier one was left. A batch is refused for that only where the epochs are certain.
 */
final class LeaderEpochs {
    static final String FILE_NAME = "leader-epoch-checkpoint";

    /** Unclean starts remembered; who asks for an older epoch than these is told of the oldest. */
    static final int MAX_ENTRIES = 1000;

    /** No epoch is certain. */
    private static final long NOWHERE = Long.MAX_VALUE;

    private static final String VERSION = "0";
    private static final int HEADER_LINES = 2;

    private final List<Entry> entries;
    /** Epochs that begin at or past this offset were read with a right checksum, or begun since. */
    private long certainFrom;

    private LeaderEpochs(List<Entry> entries, long certainFrom) {
        this.entries = entries;
        this.certainFrom = certainFrom;
    }

    record Entry(int epoch, long startOffset) {
    }

    /** Reads the checkpoint. One that is missing or unreadable counts as empty: the log's batches carry their epochs. */
    static LeaderEpochs load(Disk disk, Path directory) throws IOException {
        Path file = directory.resolve(FILE_NAME);
        if (!disk.exists(file)) {
            return new LeaderEpochs(new ArrayList<>(), NOWHERE);
        }
        String text = StandardCharsets.ISO_8859_1.decode(disk.read(file)).toString();
        String[] lines = text.split("\n");
        try {
            List<Entry> entries = parse(lines);
            return new LeaderEpochs(entries, certainFrom(text, lines, entries));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return new LeaderEpochs(new ArrayList<>(), NOWHERE);
        }
    }

    /** {@link #NOWHERE} unless the checksum is there and right. */
    private static long certainFrom(String text, String[] lines, List<Entry> entries) {
        int offsetLine = HEADER_LINES + entries.size();
        try {
            long from = lines.length > offsetLine ? Long.parseLong(lines[offsetLine]) : NOWHERE;
            return text.equals(encode(entries, from)) ? from : NOWHERE;
        } catch (NumberFormatException e) {
            return NOWHERE;
        }
    }

    /** Whether it has a checksum, and a wrong one. */
    static boolean isAltered(String text) {
        String[] lines = text.split("\n");
        List<Entry> entries = parse(lines);
        return lines.length > HEADER_LINES + entries.size() && certainFrom(text, lines, entries) == NOWHERE
                && !text.equals(encode(entries, NOWHERE));
    }

    static List<Entry> parse(String[] lines) {
        List<Entry> parsed = new ArrayList<>();
        if (lines[0].trim().equals(VERSION)) {
            int count = Integer.parseInt(lines[1].trim());
            for (int line = HEADER_LINES; line < HEADER_LINES + count; line++) {
                String[] fields = lines[line].trim().split(" ");
                Entry entry = new Entry(Integer.parseInt(fields[0]), Long.parseLong(fields[1]));
                if (!follows(entry, parsed)) {
                    return new ArrayList<>();
                }
                parsed.add(entry);
            }
        }
        return parsed;
    }

    private static boolean follows(Entry entry, List<Entry> before) {
        if (before.isEmpty()) {
            return entry.epoch() >= 0 && entry.epoch() < Integer.MAX_VALUE && entry.startOffset() >= 0;
        }
        Entry last = before.get(before.size() - 1);
        return entry.epoch() > last.epoch() && entry.epoch() < Integer.MAX_VALUE
                && entry.startOffset() > last.startOffset();
    }

    int latest() {
        return entries.isEmpty() ? -1 : entries.get(entries.size() - 1).epoch();
    }

    /** The epoch that a batch at {@code offset} has at least, as far as that is certain; -1 when nothing is. */
    int certainAt(long offset) {
        for (int index = entries.size() - 1; index >= 0 && entries.get(index).startOffset() >= certainFrom; index--) {
            if (entries.get(index).startOffset() <= offset) {
                return entries.get(index).epoch();
            }
        }
        return -1;
    }

    /** The offset from which on epochs are known; -1 when none is. The log began at or before it. */
    long firstOffset() {
        return entries.isEmpty() ? -1 : entries.get(0).startOffset();
    }

    /** Durably forgets the epochs that ended below {@code startOffset}; the one that held it then begins there. */
    void forgetBelow(Disk disk, Path directory, long startOffset) throws IOException {
        while (entries.size() > 1 && entries.get(1).startOffset() <= startOffset) {
            entries.remove(0);
        }
        if (!entries.isEmpty() && entries.get(0).startOffset() < startOffset) {
            // An uncertain one stays below the first that is certain, so it does not become so by moving.
            entries.set(0, new Entry(entries.get(0).epoch(), startOffset));
            write(disk, directory);
        }
    }

    /** Begins {@code epoch} at {@code startOffset} and makes it durable. Epochs that begin there or later are gone. */
    void begin(Disk disk, Path directory, int epoch, long startOffset) throws IOException {
        entries.removeIf(entry -> entry.startOffset() >= startOffset);
        entries.add(new Entry(epoch, startOffset));
        while (entries.size() > MAX_ENTRIES) {
            entries.remove(0);
        }
        certainFrom = Math.min(certainFrom, startOffset);
        write(disk, directory);
    }

    private void write(Disk disk, Path directory) throws IOException {
        disk.replace(directory.resolve(FILE_NAME), StandardCharsets.ISO_8859_1.encode(encode(entries, certainFrom)));
    }

    private static String encode(List<Entry> entries, long certainFrom) {
        StringBuilder text = new StringBuilder(VERSION + "\n" + entries.size() + "\n");
        for (Entry entry : entries) {
            text.append(entry.epoch()).append(' ').append(entry.startOffset()).append('\n');
        }
        text.append(certainFrom).append('\n');
        ByteBuffer bytes = StandardCharsets.ISO_8859_1.encode(text.toString());
        return text.append(Integer.toHexString(Crc32c.compute(bytes, 0, bytes.remaining()))).append('\n').toString();
    }
}
