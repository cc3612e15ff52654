package io.semel.server.inspect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import io.semel.log.SideFiles;
import io.semel.log.SideFiles.TimeEntry;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.memory.Disk;

/**
 * Each entry of a time index names the batch that was the youngest up to there; the last one is the segment's youngest,
 * because retention goes by it (KAFKA-10207).
 */
final class TimeIndexCheck implements LogCheck {
    private static final int ENTRY_LENGTH = 12;

    private final Disk disk;
    private final Findings findings;
    private List<TimeEntry> entries = List.of();
    private SideFiles.YoungestSoFar youngest = new SideFiles.YoungestSoFar();
    private TimeEntry current = new TimeEntry(-1, 0);
    private int next;
    private boolean checks;

    TimeIndexCheck(Disk disk, Findings findings) {
        this.disk = disk;
        this.findings = findings;
    }

    @Override
    public void segmentBegins(SegmentFile segment) throws IOException {
        next = 0;
        checks = false;
        youngest = new SideFiles.YoungestSoFar();
        current = new TimeEntry(-1, 0);
        Path file = segment.besides(SideFiles.TIME_INDEX_SUFFIX);
        if (!segment.isComplete()) {
            return;
        }
        if (!disk.exists(file)) {
            findings.add(file, "time index missing", "a file beside " + segment.index().getFileName(), "none",
                    Finding.REBUILT);
            return;
        }
        SideFiles.Content<List<TimeEntry>> read = SideFiles.times(disk.read(file));
        if (read.isSound()) {
            entries = read.found();
            checks = true;
        } else {
            findings.add(file, 0, segment.baseOffset(), "time index has not its shape", "ascending entries of "
                    + ENTRY_LENGTH + " bytes", read.fault(), Finding.REBUILT);
        }
    }

    @Override
    public void batch(SegmentFile segment, int position, RecordBatchView batch) {
        if (!checks) {
            return;
        }
        if (youngest.take(batch, position, segment.baseOffset())) {
            current = youngest.entry();
            if (next < entries.size() && entries.get(next).equals(current)) {
                next++;
            }
        }
        while (next < entries.size() && segment.baseOffset() + entries.get(next).relativeOffset() <= batch
                .lastOffset()) {
            wrong(segment, "the youngest up to there, which is " + current);
        }
    }

    private void wrong(SegmentFile segment, String expected) {
        TimeEntry entry = entries.get(next);
        findings.add(segment.besides(SideFiles.TIME_INDEX_SUFFIX), (long) next * ENTRY_LENGTH, segment.baseOffset()
                + entry.relativeOffset(), "wrong entry in the time index", expected, entry, Finding.REBUILT);
        next++;
    }

    @Override
    public void segmentEnds(SegmentFile segment, int endPosition) {
        if (!checks || endPosition != segment.sizeBytes()) {
            return;
        }
        while (next < entries.size()) {
            wrong(segment, "an offset of this segment");
        }
        boolean said = entries.isEmpty() ? current.timestamp() < 0 : entries.get(entries.size() - 1).equals(current);
        if (!said) {
            findings.add(segment.besides(SideFiles.TIME_INDEX_SUFFIX), (long) entries.size() * ENTRY_LENGTH, segment
                    .baseOffset() + current.relativeOffset(), "the segment's youngest is missing in the time index",
                    current, entries.isEmpty() ? "no entry" : entries.get(entries.size() - 1), Finding.REBUILT);
        }
    }
}
