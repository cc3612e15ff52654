package io.semel.server.inspect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongPredicate;

import io.semel.log.RecoveryProgress;
import io.semel.log.memory.Disk;

/** One partition's directory past all the checks of one log. Thread rule: one thread, once. */
final class PartitionInspection {
    private final Disk disk;
    private final Findings findings;
    private final RecoveryProgress progress;

    PartitionInspection(Disk disk, Findings findings, RecoveryProgress progress) {
        this.disk = disk;
        this.findings = findings;
        this.progress = progress;
    }

    /** @param mayBeForgotten whether a snapshot need not know a producer that the log knows, because it is dead */
    History inspect(Path directory, int indexIntervalBytes, RecordCheck.Journal journal, LongPredicate mayBeForgotten)
            throws IOException {
        History history = new History();
        List<LogCheck> checks = List.of(
                new OffsetCheck(history, findings),
                CheckpointCheck.of(disk, directory, history, findings, mayBeForgotten),
                EpochCheck.of(disk, directory, findings),
                new IndexCheck(disk, findings, indexIntervalBytes),
                new TimeIndexCheck(disk, findings),
                new RecordCheck(findings, journal),
                new SequenceCheck(history, findings),
                new TransactionCheck(history, findings),
                new FilesCheck(disk, directory, history, findings));
        new LogWalk(disk, checks, history, findings, progress).walk(directory);
        return history;
    }
}
