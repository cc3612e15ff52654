package io.semel.server.inspect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;

import io.semel.log.CorruptLogException;
import io.semel.log.SideFiles;
import io.semel.log.SideFiles.CheckpointContent;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.memory.Disk;
import io.semel.transactions.partition.PartitionSnapshot;

/** L4: a checkpoint stands where a batch ends, and its snapshot is what the log below it folds to. */
final class CheckpointCheck implements LogCheck {
    private final History history;
    private final Findings findings;
    /** Not passed yet, the lowest offset first. */
    private final List<Found> ahead;
    /** Aborted transactions that ended below may be forgotten. */
    private final long forgottenBelow;
    private final LongPredicate mayBeForgotten;
    private SegmentFile segment;
    private int endPosition;
    private int leaderEpoch = -1;

    private record Found(Path file, CheckpointContent content) {
    }

    private CheckpointCheck(History history, Findings findings, List<Found> ahead, long forgottenBelow,
            LongPredicate mayBeForgotten) {
        this.history = history;
        this.findings = findings;
        this.ahead = ahead;
        this.forgottenBelow = forgottenBelow;
        this.mayBeForgotten = mayBeForgotten;
    }

    static CheckpointCheck of(Disk disk, Path directory, History history, Findings findings,
            LongPredicate mayBeForgotten) throws IOException {
        List<Found> ahead = new ArrayList<>();
        for (String name : SideFiles.CHECKPOINTS) {
            Path file = directory.resolve(name);
            if (disk.exists(file)) {
                SideFiles.Content<Optional<CheckpointContent>> read = SideFiles.checkpoint(disk.read(file), file);
                if (read.isSound() && isOver(read.found().orElseThrow(), disk)) {
                    continue;
                }
                if (read.isSound()) {
                    ahead.add(new Found(file, read.found().orElseThrow()));
                } else {
                    findings.add(file, 0, read.found().map(CheckpointContent::offset).orElse(Finding.NOWHERE),
                            "checkpoint damaged", "a CRC32C that holds", read.fault(),
                            "none needed while the other one is good: it is written anew");
                }
            }
        }
        ahead.sort(Comparator.comparingLong(found -> found.content().offset()));
        return new CheckpointCheck(history, findings, ahead, LogHead.forgottenBelow(disk, directory),
                mayBeForgotten);
    }

    /**
     * The machine was started anew since, or it is another one: what was not forced may not be there, and nobody
     * believes it.
     */
    private static boolean isOver(CheckpointContent content, Disk disk) {
        return content.boot().isPresent() && !content.boot().equals(disk.boot());
    }

    @Override
    public void segmentBegins(SegmentFile next) {
        // One that was taken at the very end of the segment before stands there, and not here.
        if (segment != null) {
            passUpTo(history.nextOffset(), endPosition);
        }
        segment = next;
        endPosition = 0;
        if (history.firstOffset() == next.baseOffset()) {
            forgetBelow(next.baseOffset());
        }
    }

    /** What retention removed can't be compared any more. */
    private void forgetBelow(long firstOffset) {
        ahead.removeIf(found -> found.content().offset() < firstOffset);
    }

    @Override
    public void batch(SegmentFile holding, int position, RecordBatchView batch) {
        passUpTo(batch.baseOffset(), position);
        leaderEpoch = batch.leaderEpoch();
        endPosition = position + batch.sizeInBytes();
    }

    @Override
    public void logEnds() {
        passUpTo(history.nextOffset(), endPosition);
        for (Found found : ahead) {
            findings.add(found.file(), 0, found.content().offset(), "the log ends before its checkpoint",
                    "all below offset " + found.content().offset(), "the end at " + history.nextOffset(),
                    Finding.RESTORE);
        }
    }

    private void passUpTo(long offset, int position) {
        while (!ahead.isEmpty() && ahead.get(0).content().offset() <= offset) {
            Found found = ahead.remove(0);
            compare(found, offset, position);
        }
    }

    private void compare(Found found, long offset, int position) {
        CheckpointContent content = found.content();
        if (history.nextOffset() > content.offset()) {
            findings.add(found.file(), 0, content.offset(), "checkpoint stands within a batch", "where one ends",
                    "a batch that ends at " + history.nextOffset(), Finding.REPORT);
            return;
        }
        boolean here = segment != null && segment.baseOffset() == content.segmentBaseOffset() && !segment.isComplete();
        if (here && content.offset() == offset && content.position() != position) {
            findings.add(found.file(), 0, content.offset(), "position of the checkpoint", position, content.position(),
                    Finding.REPORT);
        }
        if (content.leaderEpoch() < leaderEpoch) {
            findings.add(found.file(), 0, content.offset(), "leader epoch of the checkpoint", leaderEpoch + " or more",
                    content.leaderEpoch(), Finding.REPORT);
        }
        compareSnapshot(found);
    }

    private void compareSnapshot(Found found) {
        if (found.content().snapshot().isEmpty()) {
            return;
        }
        try {
            PartitionSnapshot snapshot = PartitionSnapshot.read(found.content().snapshot().get());
            new SnapshotComparison(history, Math.max(forgottenBelow, found.content().startOffset()), snapshot,
                    mayBeForgotten).differences().forEach(difference -> findings.add(
                            found.file(), 0, found.content().offset(), difference.what(), difference.expected(),
                            difference
                                    .actual(), Finding.REPORT));
        } catch (CorruptLogException e) {
            findings.add(found.file(), 0, found.content().offset(), "snapshot can't be read", "a partition's",
                    e.getMessage(), Finding.REPORT);
        }
    }
}
