package io.semel.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import io.semel.log.memory.Disk;

/** How a log is opened: compactions are carried through, what is there is recovered, and only then it takes appends. Stateless. */
final class LogOpening {
    private LogOpening() {
    }

    static Log open(Disk disk, Path directory, LogConfig config, LogFold fold, RecoveryProgress progress)
            throws IOException {
        disk.createDirectories(directory);
        SwapRecovery.run(disk, directory);
        LogRecovery recovery = LogRecovery.of(disk, directory, config, fold, progress);
        List<RecoveredSegment> found = recovery.scan();
        if (found.isEmpty()) {
            // Its own entry, before the first segment: a log that has one has been here.
            disk.forceDirectory(directory.toAbsolutePath().getParent());
        }
        LeaderEpochs epochs = recovery.epochs();
        int epoch = Math.max(epochs.latest(), recovery.leaderEpoch());
        if (epoch < 0 || recovery.endedUncleanly()) {
            // Durable before anything is cut: a crash in between finds the unclean end again, and not a clean log that
            // goes on in the old epoch (L3).
            epoch++;
            epochs.begin(disk, directory, epoch, recovery.endOffset());
        }
        recovery.repair();
        recovery.checkpoints().release();
        SegmentChain chain = SegmentChain.open(disk, directory, config, found, recovery
                .useOfLast());
        try {
            recovery.start().begin(chain.first().baseOffset());
            return new Log(directory, config, fold, epoch, chain, recovery, Compactor.of(disk, directory, config,
                    chain), disk);
        } catch (IOException e) {
            chain.abandon();
            throw e;
        }
    }
}
