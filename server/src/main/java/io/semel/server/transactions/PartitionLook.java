package io.semel.server.transactions;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.semel.idempotence.ProducerSnapshot;
import io.semel.log.BatchScanner;
import io.semel.log.RecoveryProgress;
import io.semel.log.SegmentFiles;
import io.semel.log.SideFiles;
import io.semel.log.SideFiles.CheckpointContent;
import io.semel.log.batch.BatchCheck;
import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.memory.Disk;
import io.semel.log.memory.DiskFile;
import io.semel.transactions.partition.PartitionId;
import io.semel.transactions.partition.PartitionSnapshot;

/**
 * One partition as its files are: where it ends, and which transactions are open in it. As recovery would, from the
 * newest checkpoint on; unlike recovery it changes nothing, and what is torn at the end is merely not looked at.
 *
 * <p>Thread rule: one thread. Memory: a window of a file, and the open transactions.
 */
final class PartitionLook {
    private final Disk disk;
    private final PartitionId id;
    private final Path directory;
    private final List<Path> segments;
    private final Consumer<RecordBatchView> content;
    private final BatchScanner scanner = new BatchScanner(RecoveryProgress.UNHEARD);
    /** By producer id. */
    private final Map<Long, OpenBranch> open = new LinkedHashMap<>();
    private long end;
    private String damage = "";

    private PartitionLook(Disk disk, PartitionId id, Path directory, Consumer<RecordBatchView> content)
            throws IOException {
        this.disk = disk;
        this.id = id;
        this.directory = directory;
        this.segments = SegmentFiles.of(disk.list(directory)).segments();
        this.content = content;
    }

    /** The end of it, and what is open: the newest checkpoint tells of all that lies before it. */
    static PartitionLook tail(Disk disk, PartitionId id, Path directory) throws IOException {
        PartitionLook look = new PartitionLook(disk, id, directory, batch -> {
        });
        Optional<CheckpointContent> newest = look.newestCheckpoint();
        if (newest.isPresent()) {
            look.restore(newest.get());
        }
        look.walk(newest.map(CheckpointContent::offset).orElse(look.logStart()));
        return look;
    }

    /** Every batch, for a topic whose records mean something. */
    static PartitionLook whole(Disk disk, PartitionId id, Path directory, Consumer<RecordBatchView> content)
            throws IOException {
        PartitionLook look = new PartitionLook(disk, id, directory, content);
        look.walk(look.logStart());
        return look;
    }

    private long logStart() throws IOException {
        Path file = directory.resolve(SideFiles.LOG_START);
        return disk.exists(file) ? Math.max(0, SideFiles.offset(disk.read(file)).found()) : 0;
    }

    /** Of those that recovery would believe: one that holds for a boot of the machine does so for that boot alone. */
    private Optional<CheckpointContent> newestCheckpoint() throws IOException {
        Optional<CheckpointContent> newest = Optional.empty();
        for (String name : SideFiles.CHECKPOINTS) {
            Path file = directory.resolve(name);
            Optional<CheckpointContent> read = disk.exists(file)
                    ? Optional.of(SideFiles.checkpoint(disk.read(file), file)).filter(SideFiles.Content::isSound)
                            .flatMap(SideFiles.Content::found)
                    : Optional.empty();
            boolean believed = read.isPresent() && read.get().snapshot().isPresent()
                    && (read.get().boot().isEmpty() || read.get().boot().equals(disk.boot()));
            if (believed && newest.stream().allMatch(other -> other.offset() < read.get().offset())) {
                newest = read;
            }
        }
        return newest;
    }

    private void restore(CheckpointContent checkpoint) throws IOException {
        PartitionSnapshot snapshot = PartitionSnapshot.read(checkpoint.snapshot().orElseThrow());
        Map<Long, Short> epochs = snapshot.producers().stream().collect(Collectors.toMap(ProducerSnapshot::producerId,
                ProducerSnapshot::epoch));
        for (PartitionSnapshot.Open each : snapshot.open()) {
            open.put(each.producerId(), new OpenBranch(id, each.producerId(), epochs.getOrDefault(each.producerId(),
                    (short) -1), each.firstOffset(), timestampAt(each.firstOffset())));
        }
    }

    /** When the record at {@code offset} was made. */
    private long timestampAt(long offset) throws IOException {
        long[] found = {-1};
        int index = indexOf(offset);
        if (index < segments.size()) {
            scan(segments.get(index), batch -> {
                if (found[0] < 0 && batch.nextOffset() > offset) {
                    found[0] = batch.baseTimestamp();
                }
            });
        }
        return found[0];
    }

    /** Of the segment that holds {@code offset}, or is the nearest to it. */
    private int indexOf(long offset) {
        int index = 0;
        while (index + 1 < segments.size() && SegmentFiles.baseOffsetOf(segments.get(index + 1)) <= offset) {
            index++;
        }
        return index;
    }

    private void walk(long from) throws IOException {
        end = from;
        for (int index = indexOf(from); index < segments.size(); index++) {
            Path segment = segments.get(index);
            BatchCheck stoppedBy = scan(segment, batch -> {
                if (batch.nextOffset() > from) {
                    take(batch);
                }
            });
            // Zeros are blocks that nobody has claimed yet, and in the last segment a batch may be torn or just be
            // copied.
            if (stoppedBy != BatchCheck.WHOLE && stoppedBy != BatchCheck.EMPTY && index < segments.size() - 1) {
                damage = segment + " holds what is no batch behind offset " + end;
            }
        }
    }

    /** {@code WHOLE} when the file ends with a batch; else what is behind the last one. */
    private BatchCheck scan(Path segment, Consumer<RecordBatchView> visitor) throws IOException {
        try (DiskFile file = disk.open(segment)) {
            long size = file.size();
            scanner.begin(file, size);
            int position = 0;
            while (position < size) {
                BatchCheck found = scanner.check(position);
                if (found != BatchCheck.WHOLE) {
                    return found;
                }
                visitor.accept(scanner.batch());
                position += scanner.batch().sizeInBytes();
            }
            return BatchCheck.WHOLE;
        }
    }

    private void take(RecordBatchView batch) {
        end = Math.max(end, batch.nextOffset());
        content.accept(batch);
        if (!batch.isTransactional() || !batch.hasProducerId()) {
            return;
        }
        if (!batch.isControl()) {
            open.putIfAbsent(batch.producerId(), new OpenBranch(id, batch.producerId(), batch.producerEpoch(), batch
                    .baseOffset(), batch.baseTimestamp()));
        } else if (batch.controlType() == ControlType.COMMIT || batch.controlType() == ControlType.ABORT) {
            open.remove(batch.producerId());
        }
    }

    /** The oldest first. */
    List<OpenBranch> open() {
        return open.values().stream().sorted(Comparator.comparingLong(OpenBranch::firstOffset)).toList();
    }

    long end() {
        return end;
    }

    /** The last stable offset that its next owner will find. */
    long stable() {
        return open.values().stream().mapToLong(OpenBranch::firstOffset).min().orElse(end);
    }

    /** What stood in the way of a whole look; empty when nothing did. */
    String damage() {
        return damage;
    }
}
