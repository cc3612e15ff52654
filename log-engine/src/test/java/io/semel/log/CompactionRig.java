package io.semel.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.semel.log.batch.ControlBatches;
import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.log.batch.RecordCursor;
import io.semel.log.compaction.CompactionGuide;
import io.semel.log.compaction.OffsetMap;
import io.semel.log.memory.Disk;
import io.semel.log.memory.FileDisk;
import io.semel.log.memory.Limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A compacted log with keys, tombstones and transactions, and a naive memory of all that was ever appended. The guide that
 * compaction asks is a fold of the log, as the owner's is.
 */
final class CompactionRig implements AutoCloseable {
    static final long DELETE_RETENTION_MS = 1000;
    /** How many of a producer's batches the fold must find again. */
    static final int REMEMBERED = 2;

    /** What an opening feeds to the guide: as for topics that can't be summed up, or as for all others. */
    enum Folding {
        ALL_OF_THE_LOG, FROM_CHECKPOINT
    }

    /** One record as it was appended. */
    record Written(long offset, String key, String value, long producerId, long timestampMs) {
    }

    /** One record as it stands in the log. */
    record Found(long offset, String key, String value, boolean transactional, long producerId) {
    }

    final Map<Long, Written> written = new TreeMap<>();
    /** The offset of each transactional record's marker, once it is there; commits only in the second. */
    final Map<Long, Long> markerOf = new HashMap<>();
    final Map<Long, ControlType> endOf = new HashMap<>();
    final Map<Long, List<Long>> openRecords = new HashMap<>();
    private final Map<Long, Integer> sequences = new HashMap<>();
    private Disk disk;
    private final LogConfig config;
    private final Folding folding;
    private final RecordBatchWriter writer = new RecordBatchWriter(1024, 1 << 16);
    private final ControlBatches markers = new ControlBatches();
    private final Claim claim = new Claim();
    private CompactionResources resources = new CompactionResources();
    Path directory;
    Guide guide;
    Log log;
    long nowMs = 1_000_000;

    CompactionRig(Disk disk, Path directory, LogConfig config) throws IOException {
        this(disk, directory, config, Folding.ALL_OF_THE_LOG);
    }

    CompactionRig(Disk disk, Path directory, LogConfig config, Folding folding) throws IOException {
        this.disk = disk;
        this.directory = directory;
        this.config = config;
        this.folding = folding;
        open();
    }

    CompactionRig(Path directory) throws IOException {
        this(FileDisk.instance(), directory, config(0));
    }

    static LogConfig config(long minLagMs) {
        return Logs.SMALL.withCompaction(
                new CompactionConfig(CleanupPolicy.COMPACT, DELETE_RETENTION_MS, minLagMs, Long.MAX_VALUE, 0));
    }

    void withMemory(OffsetMap map) {
        resources = new CompactionResources(map);
    }

    void shareResourcesOf(CompactionRig other) {
        resources = other.resources;
    }

    void deleteBefore(long offset) throws IOException {
        log.deleteRecordsBefore(offset);
    }

    void withDisk(long bytesPerSecond) {
        resources = new CompactionResources(Limits.DEFAULT.withCompactionBytesPerSecond(bytesPerSecond));
    }

    /** Opens a copy of what the rig knows, on another disk. */
    void openOn(Disk other, Path copy) throws IOException {
        disk = other;
        directory = copy;
        resources = new CompactionResources();
        open();
    }

    void open() throws IOException {
        guide = new Guide();
        log = Log.open(disk, directory, config, folding == Folding.FROM_CHECKPOINT ? guide : guide::apply);
        guide.log = log;
        guide.abortedDataGone(log.compaction().compactedOffset());
    }

    /** What the owner of a log folds from its batches. */
    static final class Guide implements SnapshottableFold, CompactionGuide {
        final Map<Long, Long> open = new TreeMap<>();
        final List<long[]> aborted = new ArrayList<>();
        final Map<Long, List<Long>> remembered = new TreeMap<>();
        final Map<Long, Long> last = new TreeMap<>();
        Log log;

        @Override
        public void apply(RecordBatchView batch, long position) {
            long producerId = batch.producerId();
            if (producerId < 0) {
                return;
            }
            last.put(producerId, batch.baseOffset());
            if (!batch.isControl()) {
                List<Long> offsets = remembered.computeIfAbsent(producerId, id -> new ArrayList<>());
                offsets.add(batch.baseOffset());
                if (offsets.size() > REMEMBERED) {
                    offsets.remove(0);
                }
                if (batch.isTransactional()) {
                    open.putIfAbsent(producerId, batch.baseOffset());
                }
            } else {
                Long began = open.remove(producerId);
                if (began != null && batch.controlType() == ControlType.ABORT) {
                    aborted.add(new long[] {producerId, began, batch.baseOffset()});
                }
            }
        }

        @Override
        public long stableOffset() {
            long readable = log.readableOffset();
            return open.values().stream().mapToLong(Long::longValue).reduce(readable, Math::min);
        }

        @Override
        public boolean isAborted(long producerId, long offset) {
            return aborted.stream().anyMatch(range -> range[0] == producerId && range[1] <= offset
                    && offset <= range[2]);
        }

        @Override
        public long rememberedFrom(long producerId) {
            long lastOffset = last.getOrDefault(producerId, Long.MAX_VALUE);
            return Math.min(lastOffset, remembered.getOrDefault(producerId, List.of(Long.MAX_VALUE)).get(0));
        }

        @Override
        public void abortedDataGone(long belowOffset) {
            aborted.removeIf(range -> range[2] < belowOffset);
        }

        @Override
        public void encodeSnapshot(SnapshotWriter sink, long startOffset) {
            encode(sink, open);
            encode(sink, last);
            sink.putInt(aborted.size());
            aborted.forEach(range -> sink.putLong(range[0]).putLong(range[1]).putLong(range[2]));
            sink.putInt(remembered.size());
            remembered.forEach((producerId, offsets) -> {
                sink.putLong(producerId).putInt(offsets.size());
                offsets.forEach(sink::putLong);
            });
        }

        private static void encode(SnapshotWriter sink, Map<Long, Long> map) {
            sink.putInt(map.size());
            map.forEach((key, value) -> sink.putLong(key).putLong(value));
        }

        @Override
        public void restoreSnapshot(ByteBuffer source, Positions positions) {
            restore(source, open);
            restore(source, last);
            for (int left = source.getInt(); left > 0; left--) {
                aborted.add(new long[] {source.getLong(), source.getLong(), source.getLong()});
            }
            for (int left = source.getInt(); left > 0; left--) {
                List<Long> offsets = remembered.computeIfAbsent(source.getLong(), id -> new ArrayList<>());
                for (int more = source.getInt(); more > 0; more--) {
                    offsets.add(source.getLong());
                }
            }
        }

        private static void restore(ByteBuffer source, Map<Long, Long> map) {
            for (int left = source.getInt(); left > 0; left--) {
                map.put(source.getLong(), source.getLong());
            }
        }

        /** What a restart must find again. */
        String state() {
            return "open=" + open + " remembered=" + remembered + " last=" + last;
        }
    }

    /** Appends one batch of a record per key; a null value is a tombstone. */
    long put(long producerId, boolean transactional, String value, String... keys) {
        writer.begin(nowMs);
        if (producerId >= 0) {
            writer.producer(producerId, (short) 0, sequences.merge(producerId, keys.length, Integer::sum)
                    - keys.length);
        }
        if (transactional) {
            writer.asTransactional();
        }
        for (String key : keys) {
            assertTrue(writer.tryAppend(nowMs, bytes(key), bytes(value)));
        }
        long offset = append(writer.finish());
        for (int record = 0; record < keys.length; record++) {
            written.put(offset + record, new Written(offset + record, keys[record], value, transactional ? producerId
                    : -1, nowMs));
            if (transactional) {
                openRecords.computeIfAbsent(producerId, id -> new ArrayList<>()).add(offset + record);
            }
        }
        return offset;
    }

    long put(String key, String value) {
        return put(-1, false, value, key);
    }

    long delete(String key) {
        return put(-1, false, null, key);
    }

    long end(long producerId, ControlType type) {
        long offset = append(markers.endTransaction(type, producerId, (short) 0, 0, nowMs));
        List<Long> ended = openRecords.remove(producerId);
        if (ended != null) {
            for (long record : ended) {
                markerOf.put(record, offset);
                endOf.put(record, type);
            }
        }
        return offset;
    }

    private long append(ByteBuffer batch) {
        long offset = Logs.append(log, claim, batch);
        assertTrue(offset >= 0, () -> Append.describe(offset));
        return offset;
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    /** A value of that many bytes that nobody else has. */
    String large(int lengthBytes) {
        return (written.size() + "-").repeat(lengthBytes).substring(0, lengthBytes);
    }

    /** Fills the active segment with records of this key, so that all before is finished and can be compacted. */
    void roll(String key) throws IOException {
        int before = Logs.files(directory, ".log").size();
        while (Logs.files(directory, ".log").size() == before) {
            put(key, large(8000));
        }
        Logs.settle(log);
    }

    int step() {
        return log.compact(nowMs, guide, resources);
    }

    /** Steps until nothing is left to do. */
    void compact() {
        Logs.settle(log);
        nowMs += Compactor.BACK_OFF_MS;
        int done;
        do {
            done = step();
            // Takes the checkpoints that the compactor asks for.
            Logs.settle(log);
            done += step();
        } while (done > 0);
        nowMs += Compactor.BACK_OFF_MS;
    }

    void reopen() throws IOException {
        log.close();
        open();
    }

    /** As after {@code kill -9}: the copy is opened, the original thrown away, and with it what nobody could read yet. */
    void kill(Path target) throws IOException {
        kill(target, () -> {
        });
    }

    /** @param letGo of what the dead one has in its hands, which would keep the original from being closed */
    void kill(Path target, Runnable letGo) throws IOException {
        long lostFrom = log.frontierOffset();
        Logs.killedCopy(directory, target);
        letGo.run();
        log.close();
        directory = target;
        forgetFrom(lostFrom);
        open();
    }

    private void forgetFrom(long offset) {
        markerOf.values().removeIf(marker -> marker >= offset);
        endOf.keySet().retainAll(markerOf.keySet());
        written.keySet().removeIf(record -> record >= offset);
        openRecords.clear();
        for (Written record : written.values()) {
            if (record.producerId() >= 0 && !endOf.containsKey(record.offset())) {
                openRecords.computeIfAbsent(record.producerId(), id -> new ArrayList<>()).add(record.offset());
            }
        }
    }

    /** What a committed reader makes of all records ever written. */
    Map<String, String> expected() {
        return expectedBelow(Long.MAX_VALUE);
    }

    Map<String, String> expectedBelow(long offset) {
        Map<String, String> newest = new TreeMap<>();
        for (Written record : written.values()) {
            if (record.offset() < offset && isVisible(record)) {
                put(newest, record.key(), record.value());
            }
        }
        return newest;
    }

    /** Where the newest visible record of each key was written. */
    Map<String, Long> newestOffsets() {
        return newestOffsetsBelow(Long.MAX_VALUE);
    }

    Map<String, Long> newestOffsetsBelow(long offset) {
        Map<String, Long> newest = new TreeMap<>();
        for (Written record : written.values()) {
            if (record.offset() < offset && isVisible(record)) {
                newest.put(record.key(), record.offset());
            }
        }
        return newest;
    }

    private boolean isVisible(Written record) {
        return record.producerId() < 0 || endOf.get(record.offset()) == ControlType.COMMIT;
    }

    private static void put(Map<String, String> newest, String key, String value) {
        if (value == null) {
            newest.remove(key);
        } else {
            newest.put(key, value);
        }
    }

    /** What a committed reader makes of the log; checks every batch on the way. */
    Map<String, String> committed() {
        return committedIn(log, guide);
    }

    Map<String, String> committedIn(Log read, Guide ofLog) {
        Map<String, String> newest = new TreeMap<>();
        for (Found record : read(read)) {
            boolean hidden = record.transactional() && ofLog.isAborted(record.producerId(), record.offset());
            if (!hidden && record.offset() < ofLog.stableOffset()) {
                put(newest, record.key(), record.value());
            }
        }
        return newest;
    }

    /** Every record of the log; each must be what was written at its offset, and have its marker. */
    List<Found> read() {
        return read(log);
    }

    private List<Found> read(Log log) {
        List<Found> found = new ArrayList<>();
        Map<Long, List<Long>> unmarked = new HashMap<>();
        try (LogReader reader = log.openReader()) {
            long start = log.startOffset();
            long next = start;
            while (reader.next(log.readablePosition())) {
                RecordBatchView batch = reader.batch();
                assertTrue(batch.isCrcValid(), batch::toString);
                assertTrue(batch.baseOffset() >= next || next == start && batch.nextOffset() > start,
                        batch::toString);
                next = batch.nextOffset();
                take(batch, found, unmarked);
            }
            assertEquals(log.readableOffset(), next);
        }
        for (List<Long> offsets : unmarked.values()) {
            for (long offset : offsets) {
                boolean shown = markerOf.getOrDefault(offset, Long.MAX_VALUE) < log.readableOffset();
                assertTrue(!shown, () -> "the marker of offset " + offset + " is gone");
            }
        }
        // Where records were deleted up to the middle of a batch, it shows those as well.
        found.removeIf(record -> record.offset() < log.startOffset());
        return found;
    }

    private void take(RecordBatchView batch, List<Found> found, Map<Long, List<Long>> unmarked) {
        if (batch.isControl()) {
            for (long offset : unmarked.getOrDefault(batch.producerId(), List.of())) {
                assertEquals(markerOf.get(offset), batch.baseOffset(), "marker of " + offset);
            }
            unmarked.remove(batch.producerId());
            return;
        }
        if (batch.isTransactional()) {
            unmarked.computeIfAbsent(batch.producerId(), id -> new ArrayList<>()).add(batch.baseOffset());
        }
        RecordCursor cursor = new RecordCursor().wrap(batch);
        while (cursor.next()) {
            Written original = written.get(cursor.offset());
            assertEquals(original.key(), text(cursor.copyKey()));
            assertEquals(original.value(), text(cursor.copyValue()));
            assertEquals(original.timestampMs(), cursor.timestamp());
            found.add(new Found(cursor.offset(), original.key(), original.value(), batch.isTransactional(),
                    batch.producerId()));
        }
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
