package io.semel.server.dump;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

import io.semel.log.CorruptLogException;
import io.semel.log.SideFiles;
import io.semel.log.SideFiles.CheckpointContent;
import io.semel.log.memory.ReadOnlyDisk;
import io.semel.server.inspect.Fields;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.partition.PartitionSnapshot;

/** The files beside the segments, line by line, as far as they can be read. Thread rule: stateless. */
final class SideFileDump {
    private static final int INDEX_ENTRY_LENGTH = 8;
    private static final int TIME_ENTRY_LENGTH = 12;
    private static final List<String> TEXTS = List.of(SideFiles.META, "partition.metadata", ".lock",
            Broker.LAST_LIFE_FILE);

    private SideFileDump() {
    }

    static boolean knows(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(SideFiles.INDEX_SUFFIX) || name.endsWith(SideFiles.TIME_INDEX_SUFFIX)
                || SideFiles.CHECKPOINTS.contains(name) || name.equals(SideFiles.LOG_START)
                || name.equals(SideFiles.COMPACTED) || name.equals(SideFiles.LEADER_EPOCHS) || TEXTS.contains(name);
    }

    /** Shows a file that it {@link #knows}; returns what is wrong with it and where, or nothing. */
    static String show(Path file, Consumer<Fields> lines) throws IOException {
        String name = file.getFileName().toString();
        ByteBuffer content = new ReadOnlyDisk().read(file);
        if (name.endsWith(SideFiles.TIME_INDEX_SUFFIX)) {
            return times(SideFiles.times(content), SideFiles.baseOffsetOf(file), lines);
        }
        if (name.endsWith(SideFiles.INDEX_SUFFIX)) {
            return index(SideFiles.index(content), SideFiles.baseOffsetOf(file), lines);
        }
        if (SideFiles.CHECKPOINTS.contains(name)) {
            return checkpoint(SideFiles.checkpoint(content, file), lines);
        }
        if (name.equals(SideFiles.LEADER_EPOCHS)) {
            SideFiles.Content<List<SideFiles.Epoch>> epochs = SideFiles.leaderEpochs(content);
            epochs.found().forEach(each -> lines.accept(new Fields().with("epoch", each.epoch()).with("startOffset",
                    each.startOffset())));
            return epochs.fault();
        }
        if (TEXTS.contains(name)) {
            return text(content, lines);
        }
        SideFiles.Content<Long> offset = SideFiles.offset(content);
        if (offset.isSound()) {
            lines.accept(new Fields().with(name, offset.found()).with("crc", "ok"));
        }
        return offset.fault();
    }

    private static String text(ByteBuffer content, Consumer<Fields> lines) {
        int number = 0;
        for (String line : StandardCharsets.UTF_8.decode(content).toString().split("\n")) {
            lines.accept(new Fields().with("line", ++number).with("text", line));
        }
        return "";
    }

    private static String index(SideFiles.Content<List<SideFiles.IndexEntry>> index, long base,
            Consumer<Fields> lines) {
        int at = 0;
        for (SideFiles.IndexEntry entry : index.found()) {
            lines.accept(new Fields().with("at", at).with("offset", base + entry.relativeOffset()).with("position",
                    entry.position()));
            at += INDEX_ENTRY_LENGTH;
        }
        return index.fault();
    }

    private static String times(SideFiles.Content<List<SideFiles.TimeEntry>> times, long base, Consumer<Fields> lines) {
        int at = 0;
        for (SideFiles.TimeEntry entry : times.found()) {
            lines.accept(new Fields().with("at", at).with("time", Shown.time(entry.timestamp())).with("offset", base
                    + entry.relativeOffset()));
            at += TIME_ENTRY_LENGTH;
        }
        return times.fault();
    }

    private static String checkpoint(SideFiles.Content<Optional<CheckpointContent>> read, Consumer<Fields> lines) {
        if (read.found().isEmpty()) {
            return read.fault();
        }
        CheckpointContent content = read.found().get();
        lines.accept(new Fields().with("checkpoint", content.sequenceNumber()).with("startOffset", content
                .startOffset()).with("offset", content.offset()).with("segment", content.segmentBaseOffset()).with(
                        "position", content.position()).with("leaderEpoch", content.leaderEpoch()).with("boot", content
                                .boot().map(UUID::toString).orElse("forced")).with("maxTime", Shown
                                        .time(content.maxTimestamp())).with("indexEntries", content.index().size())
                .with(
                        "timeIndexEntries", content.times().size()).with("snapshotBytes", content
                                .snapshot().map(ByteBuffer::remaining).orElse(0)).with("crc", read
                                        .isSound() ? "ok" : "BAD"));
        content.index().forEach(entry -> lines.accept(new Fields().with("indexed", content.segmentBaseOffset() + entry
                .relativeOffset()).with("position", entry.position())));
        content.times().forEach(entry -> lines.accept(new Fields().with("youngest", content.segmentBaseOffset() + entry
                .relativeOffset()).with("time", Shown.time(entry.timestamp()))));
        return read.isSound() && content.snapshot().isPresent() ? snapshot(content.snapshot().get(), lines)
                : read.fault();
    }

    private static String snapshot(ByteBuffer bytes, Consumer<Fields> lines) {
        try {
            PartitionSnapshot snapshot = PartitionSnapshot.read(bytes);
            snapshot.producers().forEach(producer -> lines.accept(new Fields().with("producer", producer.producerId())
                    .with("epoch", producer.epoch()).with("lastSequence", producer.lastSequence()).with(
                            "lastTime", Shown.time(producer.lastTimestampMs())).with("transactionOffset", producer
                                    .transactionOffset()).with("endOffset", producer.endOffset()).with("batches",
                                            producer.batches().stream().map(batch -> new Fields().with("sequences",
                                                    batch.firstSequence() + ".." + batch.lastSequence()).with("offset",
                                                            batch.baseOffset())).toList())));
            snapshot.open().forEach(each -> lines.accept(new Fields().with("openTransaction", each.producerId()).with(
                    "firstOffset", each.firstOffset())));
            snapshot.aborted().forEach(each -> lines.accept(new Fields().with("aborted", each.producerId()).with(
                    "firstOffset", each.firstOffset()).with("markerOffset", each.markerOffset())));
            return "";
        } catch (CorruptLogException e) {
            return e.getMessage();
        }
    }
}
