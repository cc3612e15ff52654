package io.semel.server.inspect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import io.semel.log.SideFiles;
import io.semel.log.SideFiles.IndexEntry;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.memory.Disk;

/**
 * Each entry of an offset index stands for a batch that begins at its position, as the engine's own rule would write
 * it; none is further from the next than the interval.
 */
final class IndexCheck implements LogCheck {
    /** The interval is not known: missing entries are not looked for. */
    static final int ANY_INTERVAL = Integer.MAX_VALUE;

    private static final int ENTRY_LENGTH = 8;

    private final Disk disk;
    private final Findings findings;
    private final int intervalBytes;
    private List<IndexEntry> entries = List.of();
    private int next;
    private int indexedPosition;
    private boolean checks;

    IndexCheck(Disk disk, Findings findings, int intervalBytes) {
        this.disk = disk;
        this.findings = findings;
        this.intervalBytes = intervalBytes;
    }

    @Override
    public void segmentBegins(SegmentFile segment) throws IOException {
        next = 0;
        indexedPosition = 0;
        checks = false;
        if (!segment.isComplete()) {
            return;
        }
        Path file = segment.index();
        if (!disk.exists(file)) {
            findings.add(file, "offset index missing", "a file beside " + segment.path().getFileName(), "none",
                    Finding.REBUILT);
            return;
        }
        SideFiles.Content<List<IndexEntry>> read = SideFiles.index(disk.read(file));
        if (read.isSound()) {
            entries = read.found();
            checks = true;
        } else {
            findings.add(file, positionOfFault(read.found()), segment.baseOffset(), "offset index has not its shape",
                    "ascending entries of " + ENTRY_LENGTH + " bytes", read.fault(), Finding.REBUILT);
        }
    }

    private static long positionOfFault(List<IndexEntry> entries) {
        int index = 0;
        IndexEntry before = new IndexEntry(0, 0);
        while (index < entries.size() && entries.get(index).relativeOffset() > before.relativeOffset()
                && entries.get(index).position() > before.position()) {
            before = entries.get(index++);
        }
        return (long) index * ENTRY_LENGTH;
    }

    @Override
    public void batch(SegmentFile segment, int position, RecordBatchView batch) {
        if (!checks) {
            return;
        }
        passBy(segment, position);
        if (next < entries.size() && entries.get(next).position() == position) {
            IndexEntry expected = SideFiles.entryOf(batch, position, segment.baseOffset());
            if (!expected.equals(entries.get(next))) {
                wrong(segment, "offset " + (segment.baseOffset() + expected.relativeOffset()) + " for the batch at "
                        + position);
            }
            next++;
            indexedPosition = position;
        } else if (position - indexedPosition >= intervalBytes) {
            findings.add(segment.index(), (long) next * ENTRY_LENGTH, batch.baseOffset(),
                    "entries missing in the offset index", "one for the batch at position " + position, "none between "
                            + indexedPosition + " and there",
                    Finding.REBUILT);
            indexedPosition = Integer.MAX_VALUE;
        }
    }

    /** Entries at which no batch begins. */
    private void passBy(SegmentFile segment, int position) {
        while (next < entries.size() && entries.get(next).position() < position) {
            wrong(segment, "the position at which a batch begins");
            next++;
        }
    }

    private void wrong(SegmentFile segment, String expected) {
        IndexEntry entry = entries.get(next);
        findings.add(segment.index(), (long) next * ENTRY_LENGTH, segment.baseOffset() + entry.relativeOffset(),
                "wrong entry in the offset index", expected, entry, Finding.REBUILT);
    }

    @Override
    public void segmentEnds(SegmentFile segment, int endPosition) {
        if (checks && endPosition == segment.sizeBytes()) {
            passBy(segment, Integer.MAX_VALUE);
        }
    }
}
