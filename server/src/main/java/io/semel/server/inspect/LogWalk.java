package io.semel.server.inspect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.semel.log.BatchScanner;
import io.semel.log.RecoveryProgress;
import io.semel.log.SegmentFiles;
import io.semel.log.batch.BatchCheck;
import io.semel.log.batch.CorruptBatchException;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.memory.Disk;
import io.semel.log.memory.DiskFile;

/**
 * Leads a log's batches past its checks, segment by segment through plain reads; finds itself what is no batch. Behind
 * damage it goes on with the next segment.
 *
 * <p>Thread rule: one thread, once. Memory: one batch.
 */
final class LogWalk {
    private static final int ZEROS_LENGTH = 1 << 16;

    private final Disk disk;
    private final List<LogCheck> checks;
    private final History history;
    private final Findings findings;
    private final BatchScanner scanner;

    LogWalk(Disk disk, List<LogCheck> checks, History history, Findings findings, RecoveryProgress progress) {
        this.disk = disk;
        this.checks = checks;
        this.history = history;
        this.findings = findings;
        this.scanner = new BatchScanner(progress);
    }

    void walk(Path directory) throws IOException {
        for (SegmentFile segment : segments(directory)) {
            history.begin(segment);
            for (LogCheck check : checks) {
                check.segmentBegins(segment);
            }
            int end;
            try (DiskFile file = disk.open(segment.path())) {
                end = walk(segment, file);
            }
            for (LogCheck check : checks) {
                check.segmentEnds(segment, end);
            }
        }
        for (LogCheck check : checks) {
            check.logEnds();
        }
    }

    private List<SegmentFile> segments(Path directory) throws IOException {
        List<SegmentFile> segments = new ArrayList<>();
        for (Path path : SegmentFiles.of(disk.list(directory)).segments()) {
            segments.add(segment(path));
        }
        // Retention was about to delete them, in any order: who reads one keeps its file.
        long gone = LogHead.goneBelow(disk, directory);
        while (segments.size() > 1 && segments.get(1).baseOffset() <= gone) {
            segments.remove(0);
        }
        return segments;
    }

    private SegmentFile segment(Path path) throws IOException {
        SegmentFile named = new SegmentFile(path, SegmentFiles.baseOffsetOf(path), 0, SegmentFile.State.GROWING);
        boolean complete = disk.exists(named.index()) || SegmentFiles.isSwapped(path);
        try (DiskFile file = disk.open(path)) {
            return new SegmentFile(path, named.baseOffset(), file.size(), complete ? SegmentFile.State.COMPLETE
                    : SegmentFile.State.GROWING);
        }
    }

    private int walk(SegmentFile segment, DiskFile file) throws IOException {
        scanner.begin(file, segment.sizeBytes());
        int position = 0;
        while (position < segment.sizeBytes()) {
            BatchCheck found = scanner.check(position);
            if (found != BatchCheck.WHOLE) {
                judge(segment, file, position, found);
                break;
            }
            lead(segment, position, scanner.batch());
            position += scanner.batch().sizeInBytes();
        }
        return position;
    }

    private void lead(SegmentFile segment, int position, RecordBatchView batch) {
        try {
            for (LogCheck check : checks) {
                check.batch(segment, position, batch);
            }
            history.take(batch);
        } catch (CorruptBatchException e) {
            findings.add(segment, position, batch.baseOffset(), "control batch contradicts the format", "a marker",
                    e.getMessage(), Finding.REPORT);
            history.missedBelow(batch.nextOffset());
        }
    }

    private void judge(SegmentFile segment, DiskFile file, int position, BatchCheck found) throws IOException {
        boolean unused = found == BatchCheck.EMPTY && !segment.isComplete();
        long endOfZeros = found == BatchCheck.EMPTY ? endOfZeros(file, position, segment.sizeBytes()) : position;
        if (unused && endOfZeros == segment.sizeBytes()) {
            return;
        }
        String actual = found == BatchCheck.EMPTY && endOfZeros < segment.sizeBytes()
                ? "zeros, and something from position " + endOfZeros + " on"
                : found.toString();
        findings.add(segment, position, history.nextOffset(), "no whole batch", "a batch, or the end of the segment",
                actual, segment.isComplete() ? Finding.RESTORE
                        : "a torn end after a kill is cut when the log is opened; if it was closed, "
                                + Finding.RESTORE);
        history.missedBelow(history.nextOffset());
    }

    private static long endOfZeros(DiskFile file, long from, long end) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(ZEROS_LENGTH);
        for (long at = from; at < end;) {
            block.clear().limit((int) Math.min(ZEROS_LENGTH, end - at));
            int length = file.read(block, at);
            for (int index = 0; index < length; index++) {
                if (block.get(index) != 0) {
                    return at + index;
                }
            }
            if (length <= 0) {
                return end;
            }
            at += length;
        }
        return end;
    }
}
