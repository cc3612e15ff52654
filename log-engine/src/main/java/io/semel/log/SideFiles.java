package io.semel.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import io.semel.log.batch.RecordBatchView;

/**
 * What the files beside a log's segments say, for whoever inspects a directory: read by the engine's own classes, as far
 * as they go, and never believed further. Whatever the bytes are, nothing here throws.
 *
 * <p>Thread rule: stateless.
 */
public final class SideFiles {
    public static final String LOG_SUFFIX = SegmentNames.LOG_SUFFIX;
    public static final String INDEX_SUFFIX = SegmentNames.INDEX_SUFFIX;
    public static final String TIME_INDEX_SUFFIX = SegmentNames.TIME_INDEX_SUFFIX;
    public static final String LEADER_EPOCHS = LeaderEpochs.FILE_NAME;
    public static final String LOG_START = LogStart.FILE_NAME;
    public static final String SPARE = SpareFile.FILE_NAME;
    public static final String META = DataDirectory.META_FILE;
    public static final List<String> CHECKPOINTS = List.of(CheckpointFiles.FIRST_NAME, CheckpointFiles.SECOND_NAME,
            CheckpointFiles.UNFORCED_NAME);
    /** Up to where a log is compacted; written like the log's start. */
    public static final String COMPACTED = "compacted-offset";

    /** What could be read, and what was wrong then; nothing was when {@code fault} is empty. */
    public record Content<T>(T found, String fault) {
        public boolean isSound() {
            return fault.isEmpty();
        }
    }

    public record IndexEntry(int relativeOffset, int position) {
    }

    public record TimeEntry(long timestamp, int relativeOffset) {
    }

    public record Epoch(int epoch, long startOffset) {
    }

    /**
     * @param boot     the machine's boot in which alone it is true; empty when all that it sums up was forced
     * @param snapshot empty when the fold can't be written down, or when the file is damaged
     */
    public record CheckpointContent(long sequenceNumber, long startOffset, long offset, long segmentBaseOffset,
            int position, int leaderEpoch, long maxTimestamp, Optional<UUID> boot, List<IndexEntry> index,
            List<TimeEntry> times, Optional<ByteBuffer> snapshot) {
    }

    private SideFiles() {
    }

    /** The base offset in a segment's file name; -1 when the name is no segment's. */
    public static long baseOffsetOf(Path file) {
        String name = file.getFileName().toString();
        int end = name.indexOf('.');
        try {
            long baseOffset = end < 0 ? -1 : Long.parseLong(name.substring(0, end));
            return baseOffset >= 0 && name.startsWith(SegmentNames.fileName(baseOffset, ".")) ? baseOffset : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Entries as they stand; the engine's own reader says whether they have the shape of an index. */
    public static Content<List<IndexEntry>> index(ByteBuffer content) {
        List<IndexEntry> entries = indexEntries(content.duplicate());
        if (OffsetIndex.decode(content.duplicate(), Integer.MAX_VALUE, Integer.MAX_VALUE).isPresent()) {
            return new Content<>(entries, "");
        }
        for (int end = 1; end <= entries.size(); end++) {
            ByteBuffer part = content.slice(content.position(), end * OffsetIndex.ENTRY_LENGTH);
            if (OffsetIndex.decode(part, Integer.MAX_VALUE, Integer.MAX_VALUE).isEmpty()) {
                return new Content<>(entries, "entry " + (end - 1) + " at position " + (end - 1)
                        * OffsetIndex.ENTRY_LENGTH + " does not ascend: " + entries.get(end - 1));
            }
        }
        return new Content<>(entries, leftOver(content, OffsetIndex.ENTRY_LENGTH));
    }

    /** As {@link #index}, of a time index. */
    public static Content<List<TimeEntry>> times(ByteBuffer content) {
        List<TimeEntry> entries = timeEntries(content.duplicate());
        if (TimeIndex.decode(content.duplicate(), Integer.MAX_VALUE).isPresent()) {
            return new Content<>(entries, "");
        }
        for (int end = 1; end <= entries.size(); end++) {
            ByteBuffer part = content.slice(content.position(), end * TimeIndex.ENTRY_LENGTH);
            if (TimeIndex.decode(part, Integer.MAX_VALUE).isEmpty()) {
                return new Content<>(entries, "entry " + (end - 1) + " at position " + (end - 1)
                        * TimeIndex.ENTRY_LENGTH + " does not ascend: " + entries.get(end - 1));
            }
        }
        return new Content<>(entries, leftOver(content, TimeIndex.ENTRY_LENGTH));
    }

    private static String leftOver(ByteBuffer content, int entryLength) {
        return content.remaining() % entryLength + " bytes behind the last whole entry of " + entryLength;
    }

    private static List<IndexEntry> indexEntries(ByteBuffer content) {
        List<IndexEntry> entries = new ArrayList<>();
        while (content.remaining() >= OffsetIndex.ENTRY_LENGTH) {
            entries.add(new IndexEntry(content.getInt(), content.getInt()));
        }
        return entries;
    }

    private static List<TimeEntry> timeEntries(ByteBuffer content) {
        List<TimeEntry> entries = new ArrayList<>();
        while (content.remaining() >= TimeIndex.ENTRY_LENGTH) {
            entries.add(new TimeEntry(content.getLong(), content.getInt()));
        }
        return entries;
    }

    /** A checkpoint that is damaged shows its fixed fields, if it is long enough for them. */
    public static Content<Optional<CheckpointContent>> checkpoint(ByteBuffer content, Path file) {
        String fault;
        try {
            Optional<Checkpoint> whole = Checkpoint.decode(content.duplicate(), file);
            if (whole.isPresent()) {
                return new Content<>(whole.map(SideFiles::shown), "");
            }
            fault = "not the CRC32C of its " + content.remaining() + " bytes, or not a checkpoint at all";
        } catch (CorruptLogException e) {
            fault = e.getMessage();
        }
        return new Content<>(Checkpoint.fixedFields(content.duplicate()).map(SideFiles::shown), fault);
    }

    private static CheckpointContent shown(Checkpoint checkpoint) {
        return new CheckpointContent(checkpoint.sequenceNumber(), checkpoint.startOffset(), checkpoint.offset(),
                checkpoint.segmentBaseOffset(), checkpoint.position(), checkpoint.leaderEpoch(), checkpoint.index()
                        .maxTimestamp(),
                checkpoint.isForced() ? Optional.empty() : Optional.of(checkpoint.boot()),
                indexEntries(checkpoint.index().offsets().duplicate()),
                timeEntries(checkpoint.index().times().duplicate()), checkpoint.snapshot());
    }

    /** Of a log's start, or of up to where it is compacted; -1 when the file does not tell. */
    public static Content<Long> offset(ByteBuffer content) {
        long found = LogStart.decode(StandardCharsets.ISO_8859_1.decode(content.duplicate()).toString());
        return new Content<>(found, found == LogStart.UNKNOWN
                ? "not a version, an offset and the CRC32C of both, a line each"
                : "");
    }

    public static Content<List<Epoch>> leaderEpochs(ByteBuffer content) {
        String text = StandardCharsets.UTF_8.decode(content.duplicate()).toString();
        try {
            List<Epoch> epochs = new ArrayList<>();
            for (LeaderEpochs.Entry entry : LeaderEpochs.parse(text.split("\n"))) {
                epochs.add(new Epoch(entry.epoch(), entry.startOffset()));
            }
            boolean claimsNone = text.startsWith("0\n0\n");
            String fault = LeaderEpochs.isAltered(text) ? "the last line is not the CRC32C of those above" : "";
            return new Content<>(epochs, epochs.isEmpty() && !claimsNone
                    ? "not a version, a count, and ascending epochs with ascending offsets"
                    : fault);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return new Content<>(List.of(), "not a version, a count, and a line \"epoch offset\" for each");
        }
    }

    /** The entry that an offset index has for this batch, if it has one for it. */
    public static IndexEntry entryOf(RecordBatchView batch, int position, long segmentBase) {
        SegmentIndex index = new SegmentIndex();
        index.take(batch, position, segmentBase, 1);
        return new IndexEntry(index.offsets().lastOffset(), index.offsets().lastPosition());
    }

    /** How young a segment is as its batches go by: what an entry of its time index may say at any moment. */
    public static final class YoungestSoFar {
        private final SegmentIndex index = new SegmentIndex();

        /** Takes in the next batch; returns whether it is younger than all before. */
        public boolean take(RecordBatchView batch, int position, long segmentBase) {
            long before = index.maxTimestamp();
            index.take(batch, position, segmentBase, Integer.MAX_VALUE);
            return index.maxTimestamp() > before;
        }

        public TimeEntry entry() {
            return new TimeEntry(index.maxTimestamp(), index.image().offsetOfMaxTimestamp());
        }
    }
}
