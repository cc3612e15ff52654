package io.semel.server.inspect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import io.semel.log.SideFiles;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.memory.Disk;

/** Leader epochs never fall, and are those of the file that says where each began. */
final class EpochCheck implements LogCheck {
    private final Findings findings;
    private final List<SideFiles.Epoch> epochs;
    private final Path file;
    private int highest = -1;
    private int next;

    private EpochCheck(Findings findings, List<SideFiles.Epoch> epochs, Path file) {
        this.findings = findings;
        this.epochs = epochs;
        this.file = file;
    }

    static EpochCheck of(Disk disk, Path directory, Findings findings) throws IOException {
        Path file = directory.resolve(SideFiles.LEADER_EPOCHS);
        if (!disk.exists(file)) {
            return new EpochCheck(findings, List.of(), file);
        }
        SideFiles.Content<List<SideFiles.Epoch>> read = SideFiles.leaderEpochs(disk.read(file));
        if (!read.isSound()) {
            findings.add(file, "leader epochs can't be read", "Kafka's text", read.fault(),
                    "none needed: the batches carry their epochs");
        }
        return new EpochCheck(findings, read.isSound() ? read.found() : List.of(), file);
    }

    @Override
    public void batch(SegmentFile segment, int position, RecordBatchView batch) {
        int epoch = batch.leaderEpoch();
        if (epoch < highest) {
            findings.add(segment, position, batch.baseOffset(), "leader epoch falls", highest + " or more", epoch,
                    Finding.RESTORE);
            return;
        }
        highest = epoch;
        while (next < epochs.size() && epochs.get(next).startOffset() <= batch.baseOffset()) {
            next++;
        }
        if (next > 0 && epochs.get(next - 1).epoch() != epoch) {
            findings.add(segment, position, batch.baseOffset(), "leader epoch", epochs.get(next - 1).epoch() + " as "
                    + file.getFileName() + " has it", epoch, Finding.RESTORE);
        }
    }
}
