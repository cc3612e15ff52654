package io.semel.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.semel.log.memory.Disk;

/**
 * Which leader epoch began at which offset; on disk Kafka's {@code leader-epoch-checkpoint}: a version line, a count
 * line, then one line "epoch offset" per epoch, ascending.
 *
 * <p>The epoch rises whenever a log is opened after an unclean end: an offset whose record was lost with the tail is
 * then never mistaken for the one that takes its place.
 */
final class LeaderEpochs {
    static final String FILE_NAME = "leader-epoch-checkpoint";

    /** Unclean starts remembered; who asks for an older epoch than these is told of the oldest. */
    static final int MAX_ENTRIES = 1000;

    private static final String VERSION = "0";

    private final List<Entry> entries;

    private LeaderEpochs(List<Entry> entries) {
        this.entries = entries;
    }

    record Entry(int epoch, long startOffset) {
    }

    /** Reads the checkpoint. One that is missing or unreadable counts as empty: the log's batches carry their epochs. */
    static LeaderEpochs load(Disk disk, Path directory) throws IOException {
        Path file = directory.resolve(FILE_NAME);
        if (!disk.exists(file)) {
            return new LeaderEpochs(new ArrayList<>());
        }
        String[] lines = StandardCharsets.UTF_8.decode(disk.read(file)).toString().split("\n");
        try {
            return new LeaderEpochs(parse(lines));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return new LeaderEpochs(new ArrayList<>());
        }
    }

    static List<Entry> parse(String[] lines) {
        List<Entry> parsed = new ArrayList<>();
        if (lines[0].trim().equals(VERSION)) {
            int count = Integer.parseInt(lines[1].trim());
            for (int line = 2; line < 2 + count; line++) {
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
        write(disk, directory);
    }

    private void write(Disk disk, Path directory) throws IOException {
        StringBuilder text = new StringBuilder(VERSION + "\n" + entries.size() + "\n");
        for (Entry entry : entries) {
            text.append(entry.epoch()).append(' ').append(entry.startOffset()).append('\n');
        }
        disk.replace(directory.resolve(FILE_NAME), ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
    }
}
