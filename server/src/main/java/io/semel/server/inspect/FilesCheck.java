package io.semel.server.inspect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.semel.log.SegmentFiles;
import io.semel.log.SideFiles;
import io.semel.log.memory.Disk;

/** The files beside the segments: where the log begins, how far it is compacted, and nothing that nobody put there. */
final class FilesCheck implements LogCheck {
    static final String LABEL = "partition.metadata";

    private static final Set<String> KNOWN = Set.of(SideFiles.LEADER_EPOCHS, SideFiles.LOG_START, SideFiles.SPARE,
            SideFiles.COMPACTED, SideFiles.CHECKPOINTS.get(0), SideFiles.CHECKPOINTS.get(1), SideFiles.CHECKPOINTS.get(
                    2), LABEL, ".lock");

    private final Disk disk;
    private final Path directory;
    private final History history;
    private final Findings findings;
    private final List<SegmentFile> segments = new ArrayList<>();

    FilesCheck(Disk disk, Path directory, History history, Findings findings) {
        this.disk = disk;
        this.directory = directory;
        this.history = history;
        this.findings = findings;
    }

    @Override
    public void segmentBegins(SegmentFile segment) {
        segments.add(segment);
    }

    @Override
    public void logEnds() throws IOException {
        startOffset();
        compactedOffset();
        leftovers();
    }

    private void startOffset() throws IOException {
        Path file = directory.resolve(SideFiles.LOG_START);
        if (!disk.exists(file)) {
            if (history.firstOffset() > 0) {
                findings.add(segments.get(0), 0, history.firstOffset(), "the log's head is missing",
                        "a segment from 0 on, "
                                + "or " + SideFiles.LOG_START, "neither", Finding.RESTORE);
            }
            return;
        }
        SideFiles.Content<Long> read = SideFiles.offset(disk.read(file));
        if (!read.isSound()) {
            findings.add(file, 0, Finding.NOWHERE, "log start damaged", "its CRC32C", read.fault(),
                    "none needed: the first segment's base offset is taken; deleted records may show again");
            return;
        }
        long start = read.found();
        if (start < history.firstOffset() || start > history.nextOffset() || segments.isEmpty()) {
            findings.add(file, 0, start, "the log's start is not in the log", "from " + Math.max(0, history
                    .firstOffset()) + " to " + history.nextOffset(), start, Finding.RESTORE);
        }
    }

    private void compactedOffset() throws IOException {
        Path file = directory.resolve(SideFiles.COMPACTED);
        if (!disk.exists(file)) {
            return;
        }
        SideFiles.Content<Long> read = SideFiles.offset(disk.read(file));
        if (!read.isSound() || read.found() > history.nextOffset()) {
            findings.add(file, 0, read.found(), "compacted offset", "at most " + history.nextOffset(), read.isSound()
                    ? read.found()
                    : read.fault(), "none needed: all is compacted once more");
        }
    }

    /** About to be deleted, by retention. */
    private boolean isBeforeHead(Path file) {
        long base = SideFiles.baseOffsetOf(file);
        return base >= 0 && base < history.firstOffset();
    }

    private void leftovers() throws IOException {
        Set<Path> indexed = segments.stream().map(SegmentFile::path).collect(Collectors.toSet());
        List<Path> files = disk.list(directory);
        SegmentFiles found = SegmentFiles.of(files);
        for (Path file : files) {
            String name = file.getFileName().toString();
            if (KNOWN.contains(name) || indexed.contains(file) || found.isRemains(file) || isBeforeHead(file)) {
                continue;
            }
            boolean index = name.endsWith(SideFiles.INDEX_SUFFIX) || name.endsWith(SideFiles.TIME_INDEX_SUFFIX);
            long base = SideFiles.baseOffsetOf(file);
            boolean owned = index && segments.stream().anyMatch(segment -> segment.baseOffset() == base);
            if (!owned) {
                findings.add(file, Finding.NOWHERE, base, "leftover", "a segment, its indexes or a side file of it",
                        name, index && base >= 0 ? "restore the segment it belongs to, or delete it"
                                : name.endsWith(".log") ? "not a segment's name: move it away"
                                        : "none needed, or move it away if it is nobody's");
            }
        }
    }
}
