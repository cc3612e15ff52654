package io.semel.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.log.batch.BatchCheck;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.memory.Disk;
import io.semel.log.memory.DiskFile;

/**
 * Finds the good prefix of a log and folds it, then repairs the files.
 *
 * <ol>
 * <li>Segments are taken in the order of their base offsets; the first is the one that holds the log's start, each other one
 * must begin where the one before it ended. Where the log begins its {@link LogStart} tells, else the newest good
 * checkpoint, else the leader epochs: a first segment that begins later is not the first (its predecessors are missing),
 * and segments wholly before it, as far as both checkpoints sum them up, were about to be deleted.
 * <li>A fold that has a snapshot in the checkpoint is restored from it. Segments before the checkpoint are not read, but
 * for the last batches of each, which must end exactly at the file's and the next segment's edge. Any other fold is fed
 * everything.
 * <li>A batch is accepted if its magic, bounds and CRC are good, its base offset is exactly the next one and its leader
 * epoch is not below the last, nor below one that certainly began by then. In a complete segment compaction may have left gaps between offsets.
 * <li>At the first batch that fails the log ends, and later segments are surplus: nothing past the frontier was ever
 * acknowledged or shown (L2). A sealed segment that was not finished has unused bytes behind its last batch; if the next
 * one begins at its end, the log goes on there.
 * <li>Unless this happens below the checkpoint's offset, or the segment, or a later one, has its index file: then it was
 * complete and forced, the failure is damage and not a torn tail, and the log stays offline with all its files
 * ({@link CorruptLogException}).
 * <li>{@link #scan} changes nothing. {@link #repair} deletes what is surplus, cuts, and stores again and forces what no
 * checkpoint says is on the medium, before the log takes appends. Running all this twice, or again after a crash within, gives the same (L3).
 * </ol>
 *
 * <p>Nothing says that a log was closed well but a checkpoint at its very end, so nothing can be believed twice
 * (KAFKA-10471).
 */
final class LogRecovery {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogRecovery.class);

    private final Disk disk;
    private final Path directory;
    private final LogConfig config;
    private final LogFold fold;
    private final BatchScanner scanner;
    private final CheckpointFiles checkpoints;
    private final LeaderEpochs epochs;
    private final LogStart start;
    private final Optional<Checkpoint> checkpoint;
    private long nextPosition;
    private long resumedPosition;
    private long nextOffset = -1;
    private int leaderEpoch = -1;
    /** The segment under scan has its index; compaction may have left gaps between its offsets. */
    private boolean complete;
    private final List<RecoveredSegment> good = new ArrayList<>();
    private final LogRepair repair = new LogRepair();
    private boolean uncleanEnd;

    private LogRecovery(Disk disk, Path directory, LogConfig config, LogFold fold, RecoveryProgress progress,
            CheckpointFiles checkpoints, LeaderEpochs epochs, LogStart start) {
        this.disk = disk;
        this.directory = directory;
        this.config = config;
        this.fold = fold;
        this.scanner = new BatchScanner(progress);
        this.checkpoints = checkpoints;
        this.epochs = epochs;
        this.start = start;
        this.checkpoint = checkpoints.newest();
    }

    static LogRecovery of(Disk disk, Path directory, LogConfig config, LogFold fold, RecoveryProgress progress)
            throws IOException {
        return new LogRecovery(disk, directory, config, fold, progress, CheckpointFiles.load(disk, directory, config
                .durability()),
                LeaderEpochs.load(disk, directory), LogStart.load(disk, directory));
    }

    CheckpointFiles checkpoints() {
        return checkpoints;
    }

    LogStart start() {
        return start;
    }

    LeaderEpochs epochs() {
        return epochs;
    }

    /** Finds and folds the good segments, in order; empty for a new log. */
    List<RecoveredSegment> scan() throws IOException {
        List<Path> files = logFiles();
        requireHead(files);
        int index = resume(files);
        for (; index < files.size(); index++) {
            long baseOffset = SegmentNames.baseOffsetOf(files.get(index));
            if (nextOffset >= 0 && baseOffset != nextOffset) {
                // The one before included: if it was complete, then this one cannot begin elsewhere.
                refuseIfComplete(files, index - 1, "ends before offset " + nextOffset + ", but " + files.get(index)
                        + " comes next");
                repair.addSurplus(files.subList(index, files.size()));
                break;
            }
            nextOffset = baseOffset;
            scan(files, index, new Start(baseOffset, 0, Optional.of(new SegmentIndex())));
        }
        requireAllOfCheckpoint();
        if (start.isKnown() && endOffset() < start.offset()) {
            // What stands below the start was forced before the start was moved there.
            throw segmentMissing(start.offset(), "the log ends before offset " + endOffset());
        }
        uncleanEnd = endedUncleanly();
        return good;
    }

    /**
     * Whether the last owner did not close the log: something is to be cut, or stands past the last checkpoint, if any; or that
     * one was taken on the way, or before the last opening raised the epoch.
     */
    boolean endedUncleanly() {
        long summedUp = checkpoint.map(Checkpoint::offset).orElse(0L);
        // A log that never was closed has no checkpoint, and its first epoch, whose first segment was forced, is 0.
        int epochSummedUp = checkpoint.map(Checkpoint::leaderEpoch).orElse(0);
        return repair.shortensTheLog() || endOffset() > summedUp || epochSummedUp < epochs.latest()
                || checkpoint.isPresent() && !checkpoint.get().isForced();
    }

    /**
     * Whether what a killed process left in the page cache of the last segment stays there: PROCESS promises no more, and
     * forcing it could take longer than all else. The raised epoch, which is forced, tells after a power loss that this end
     * was not the last word (L2).
     */
    boolean leavesTailUnforced() {
        return config.durability() == Durability.PROCESS && uncleanEnd;
    }

    /** The highest leader epoch that batches or checkpoint know of; -1 when there is none. */
    int leaderEpoch() {
        return Math.max(leaderEpoch, checkpoint.map(Checkpoint::leaderEpoch).orElse(-1));
    }

    /** The log-absolute position of the checkpoint; 0 when there is none, or when it is not known. */
    long checkpointPosition() {
        return checkpoint.isPresent() && checkpoint.get().offset() == endOffset() ? nextPosition : resumedPosition;
    }

    /** The offset after the last good record. */
    long endOffset() {
        return Math.max(0, nextOffset);
    }

    /** Notices when the log's head is missing, and takes what retention was about to delete off the list. */
    private void requireHead(List<Path> files) throws CorruptLogException {
        long begins = start.isKnown() ? start.offset()
                : checkpoint.map(Checkpoint::startOffset).orElse(Math.max(0, epochs.firstOffset()));
        boolean certain = start.isKnown() || checkpoint.isPresent();
        if (files.isEmpty()) {
            if (certain || begins > 0) {
                throw segmentMissing(begins, "there is no segment at all");
            }
            return;
        }
        // What a checkpoint does not sum up yet the fold must be fed, although nobody reads it any more (L4, I3).
        long summed = fold instanceof SnapshottableFold ? checkpoints.lowestSummedOffset() : Long.MAX_VALUE;
        long gone = Math.min(begins, summed);
        while (certain && files.size() > 1 && SegmentNames.baseOffsetOf(files.get(1)) <= gone) {
            repair.addRetired(files.remove(0));
        }
        if (SegmentNames.baseOffsetOf(files.get(0)) > begins) {
            throw segmentMissing(begins, "the first one is " + files.get(0));
        }
    }

    private CorruptLogException segmentMissing(long begins, String found) {
        return new CorruptLogException("segment missing: the log begins at offset " + begins + ", "
                + directory.resolve(SegmentNames.fileName(begins, SegmentNames.LOG_SUFFIX))
                + " or the one that holds it, but "
                + found
                + "; nothing was changed. Restore the file from a backup, or remove the partition's directory to"
                + " give its records up");
    }

    private void requireAllOfCheckpoint() throws CorruptLogException {
        if (checkpoint.isPresent() && endOffset() < checkpoint.get().offset()) {
            Path last = good.get(good.size() - 1).path();
            throw damagedBelowCheckpoint(last, good.get(good.size() - 1).lengthBytes(), "the log ends here");
        }
    }

    private CorruptLogException damagedBelowCheckpoint(Path file, long position, String fault) {
        return new CorruptLogException("log damaged: " + file + " at position " + position + ", offset " + nextOffset
                + ": " + fault + ", but everything below offset " + checkpoint.get().offset()
                + " was there when the last checkpoint was taken; nothing was cut. Restore the file from a"
                + " backup, or remove the partition's directory to give its records up");
    }

    /** Where the scan of a segment begins, and the indexes so far; none when they are not to be built. */
    private record Start(long baseOffset, int position, Optional<SegmentIndex> index) {
    }

    /** Restores the fold from the checkpoint and scans the rest of its segment; returns the first file not looked at. */
    private int resume(List<Path> files) throws IOException {
        if (checkpoint.isEmpty() || checkpoint.get().snapshot().isEmpty()
                || !(fold instanceof SnapshottableFold snapshottable)) {
            return 0;
        }
        Checkpoint from = checkpoint.get();
        int holding = indexOf(files, from);
        for (int index = 0; index < holding; index++) {
            skip(files, index);
        }
        Start start = startOf(files, holding, from);
        snapshottable.restoreSnapshot(from.snapshot().get(), new PositionsInFiles(files.subList(0, holding + 1),
                start));
        nextOffset = from.offset();
        leaderEpoch = from.leaderEpoch();
        resumedPosition = nextPosition + start.position();
        scan(files, holding, start);
        return holding + 1;
    }
    /** Where in its segment the checkpoint stands. */
    private Start startOf(List<Path> files, int holding, Checkpoint from) throws IOException {
        Path path = files.get(holding);
        long baseOffset = SegmentNames.baseOffsetOf(path);
        nextOffset = from.offset();
        try (DiskFile file = disk.open(path)) {
            if (baseOffset != from.segmentBaseOffset() || disk.exists(SegmentNames.indexOf(path))) {
                // A complete segment may have been compacted since: neither position nor indexes are those of before.
                // One that is not complete is the last, or becomes it when its end is torn.
                boolean last = holding == files.size() - 1 || !disk.exists(SegmentNames.indexOf(path));
                return last ? walkAndIndex(file, baseOffset, from.offset())
                        : new Start(baseOffset, walkTo(file, IndexFiles.floor(disk, path, from.offset() - baseOffset),
                                from.offset()), Optional.empty());
            }
            if (file.size() < from.position()) {
                throw damagedBelowCheckpoint(path, file.size(), "the file ends here, before position "
                        + from.position());
            }
            return new Start(baseOffset, from.position(), Optional.of(SegmentIndex.from(from.index())));
        }
    }

    /**
     * As {@link #walkTo}, for the segment that will take appends: its indexes must be whole. What stands at or past the
     * checkpoint is not looked at here: the header of a claim that was never published may say anything.
     */
    private Start walkAndIndex(DiskFile file, long baseOffset, long offset) throws IOException {
        SegmentIndex index = new SegmentIndex();
        int position = 0;
        long walked = baseOffset;
        scanner.begin(file, file.size());
        while (walked < offset && scanner.header(position) && scanner.batch().lastOffset() < offset) {
            index.take(scanner.batch(), position, baseOffset, config.indexIntervalBytes());
            position += scanner.batch().sizeInBytes();
            walked = scanner.batch().nextOffset();
        }
        return new Start(baseOffset, position, Optional.of(index));
    }

    private int indexOf(List<Path> files, Checkpoint from) throws CorruptLogException {
        int holding = 0;
        while (holding + 1 < files.size() && SegmentNames.baseOffsetOf(files.get(holding + 1)) <= from.offset()
                && SegmentNames.baseOffsetOf(files.get(holding)) != from.segmentBaseOffset()) {
            holding++;
        }
        return holding;
    }

    /** Takes a segment below the checkpoint as it is, if it is as long as it must be. */
    private void skip(List<Path> files, int index) throws IOException {
        Path path = files.get(index);
        long baseOffset = SegmentNames.baseOffsetOf(path);
        long endOffset = SegmentNames.baseOffsetOf(files.get(index + 1));
        nextOffset = baseOffset;
        try (DiskFile file = disk.open(path)) {
            long size = file.size();
            scanner.begin(file, size);
            IndexFiles.Entry last = IndexFiles.last(disk, path);
            boolean believed = last.position() > 0 && scanner.header(last.position())
                    && scanner.batch().lastOffset() == baseOffset + last.relativeOffset();
            long position = believed ? last.position() : 0;
            while (position < size && scanner.header(position) && scanner.batch().baseOffset() >= nextOffset) {
                nextOffset = scanner.batch().nextOffset();
                position += scanner.batch().sizeInBytes();
            }
            if (position != size || nextOffset != endOffset) {
                throw damagedBelowCheckpoint(path, position, "the file has " + size
                        + " bytes and should end with offset " + (endOffset - 1));
            }
            good.add(new RecoveredSegment(path, baseOffset, nextPosition, (int) size, (int) (endOffset - baseOffset),
                    Optional.empty()));
            nextPosition += size;
        }
    }

    /**
     * The position of the first batch that reaches {@code offset}; behind the last batch when none does.
     *
     * @param floor where an index says that a batch begins which does not lie past it
     */
    private int walkTo(DiskFile file, int floor, long offset) throws IOException {
        scanner.begin(file, file.size());
        int position = scanner.header(floor) && scanner.batch().baseOffset() <= offset ? floor : 0;
        while (scanner.header(position) && scanner.batch().lastOffset() < offset) {
            position += scanner.batch().sizeInBytes();
        }
        return position;
    }

    /** Finds positions of offsets below the checkpoint, for a fold that is being restored. */
    private final class PositionsInFiles implements SnapshottableFold.Positions {
        private final List<Path> files;
        private final Start last;

        /** @param last where the checkpoint stands in the last of the files */
        PositionsInFiles(List<Path> files, Start last) {
            this.files = files;
            this.last = last;
        }

        @Override
        public long of(long offset) throws IOException {
            int index = files.size() - 1;
            while (index > 0 && SegmentNames.baseOffsetOf(files.get(index)) > offset) {
                index--;
            }
            Path path = files.get(index);
            boolean inLast = index == files.size() - 1;
            long basePosition = inLast ? nextPosition : good.get(index).basePosition();
            long relativeOffset = offset - SegmentNames.baseOffsetOf(path);
            if (relativeOffset <= 0) {
                return basePosition;
            }
            int floor = inLast && last.index().isPresent() ? last.index().get().offsets().floorPosition(relativeOffset)
                    : IndexFiles.floor(disk, path, relativeOffset);
            try (DiskFile file = disk.open(path)) {
                return basePosition + walkTo(file, floor, offset);
            }
        }
    }

    private void scan(List<Path> files, int index, Start start) throws IOException {
        Path path = files.get(index);
        long baseOffset = start.baseOffset();
        boolean complete = disk.exists(SegmentNames.indexOf(path)) || isBelowCheckpoint(files, index);
        long basePosition = nextPosition;
        BatchCheck fault = BatchCheck.WHOLE;
        String contradiction = "";
        int position = start.position();
        try (DiskFile file = disk.open(path)) {
            long size = file.size();
            scanner.begin(file, size);
            RecordBatchView batch = scanner.batch();
            while (position < size) {
                fault = scanner.check(position);
                if (fault != BatchCheck.WHOLE) {
                    break;
                }
                contradiction = contradiction(batch, complete);
                if (!contradiction.isEmpty()) {
                    break;
                }
                int at = position;
                start.index().ifPresent(built -> built.take(batch, at, baseOffset, config.indexIntervalBytes()));
                fold.apply(batch, basePosition + position);
                nextOffset = batch.nextOffset();
                leaderEpoch = batch.leaderEpoch();
                position += batch.sizeInBytes();
            }
        }
        nextPosition = basePosition + position;
        RecoveredSegment segment = new RecoveredSegment(path, baseOffset, basePosition, position,
                (int) (nextOffset - baseOffset), start.index());
        good.add(segment);
        if (start.index().isPresent()) {
            repair.addWalked(segment);
        }
        Optional<Checkpoint> forced = checkpoint.filter(Checkpoint::isForced);
        if (!complete && nextOffset > forced.map(Checkpoint::offset).orElse(-1L)) {
            // While an unforced checkpoint is there no force of its segment was tried, so none can have failed.
            repair.addUnforced(segment, isOfUnforced(baseOffset) ? position : start.position());
        }
        if (fault != BatchCheck.WHOLE || !contradiction.isEmpty()) {
            takeForTorn(files, index, segment, fault, contradiction);
        }
    }

    /** Then it was complete when the checkpoint was taken, and may have been compacted since, whatever became of its index. */
    private boolean isBelowCheckpoint(List<Path> files, int index) throws CorruptLogException {
        // Not of one at whose very end an unforced one stands: that says of earlier segments only that they were complete.
        return checkpoint.isPresent() && index + 1 < files.size()
                && SegmentNames.baseOffsetOf(files.get(index + 1)) <= checkpoint.get().offset()
                && !isOfUnforced(SegmentNames.baseOffsetOf(files.get(index)));
    }

    private void takeForTorn(List<Path> files, int index, RecoveredSegment segment, BatchCheck fault,
            String contradiction) throws IOException {
        String what = contradiction.isEmpty() ? fault.name() : contradiction;
        if (checkpoint.isPresent() && nextOffset < checkpoint.get().offset()) {
            throw damagedBelowCheckpoint(segment.path(), segment.lengthBytes(), what);
        }
        refuseIfComplete(files, index, "at position " + segment.lengthBytes() + ": " + what);
        repair.addTorn(segment);
        LostTail lost = LostTail.behind(disk, segment.path(), segment.lengthBytes(), nextOffset,
                config.maxBatchBytes());
        if (lost.batches() > 0) {
            LOGGER.warn(
                    "{} is cut at position {}, offset {}: {}; {} bytes go with {} whole batches up to offset {}. They"
                            + " were never acknowledged if the process was killed while several producers wrote; else the file is"
                            + " damaged, and a backup may hold them", segment.path(), segment.lengthBytes(), nextOffset,
                    what,
                    lost.end() - segment.lengthBytes(), lost.batches(), lost.lastOffset());
        } else if (fault != BatchCheck.EMPTY) {
            LOGGER.warn("{} is cut at position {}, offset {}: {}. A batch that a killed process had not finished looks"
                    + " like this, and so does damage", segment.path(), segment.lengthBytes(), nextOffset, what);
        }
    }

    /** What a whole batch says that can't be true here; empty when it fits. */
    private String contradiction(RecordBatchView batch, boolean complete) {
        long baseOffset = batch.baseOffset();
        if (complete ? baseOffset < nextOffset : baseOffset != nextOffset) {
            return "base offset " + baseOffset + ", expected " + nextOffset;
        }
        if (batch.leaderEpoch() < leaderEpoch) {
            return "leader epoch " + batch.leaderEpoch() + " below " + leaderEpoch;
        }
        if (batch.leaderEpoch() < epochs.certainAt(baseOffset)) {
            return "leader epoch " + batch.leaderEpoch() + ", but epoch " + epochs.certainAt(baseOffset)
                    + " began at or before offset " + baseOffset;
        }
        return "";
    }

    private boolean isOfUnforced(long baseOffset) {
        return checkpoint.isPresent() && !checkpoint.get().isForced()
                && checkpoint.get().segmentBaseOffset() == baseOffset;
    }

    SegmentUse useOfLast() {
        // An empty one has nothing with which it would be forced later: a checkpoint at its beginning would call that end clean,
        // and a power loss that takes all that followed, its size too, leaves just that end.
        boolean isEmpty = good.isEmpty() || good.get(good.size() - 1).lengthBytes() == 0;
        return leavesTailUnforced() && !isEmpty ? SegmentUse.APPEND_UNFORCED : SegmentUse.APPEND;
    }

    /** Makes the files hold what {@link #scan} found, and nothing else. */
    void repair() throws IOException {
        checkpoints.dropUnbelieved();
        if (good.isEmpty()) {
            repair.deleteAll(disk);
        } else {
            repair.run(disk, good.get(good.size() - 1), useOfLast());
        }
    }

    private void refuseIfComplete(List<Path> files, int index, String fault) throws CorruptLogException {
        for (Path file : files.subList(index, files.size())) {
            Path indexFile = SegmentNames.indexOf(file);
            if (disk.exists(indexFile)) {
                throw new CorruptLogException("log damaged: " + files.get(index) + " " + fault + ", but " + indexFile
                        + " says that this part was complete and on the medium; nothing was cut. Restore the file from a"
                        + " backup, or remove the partition's directory to give its records up");
            }
        }
    }

    private List<Path> logFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path path : disk.list(directory)) {
            if (path.getFileName().toString().endsWith(SegmentNames.LOG_SUFFIX)) {
                files.add(path);
            }
        }
        return files;
    }
}
