package io.semel.server.inspect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;

import io.semel.log.LogConfig;
import io.semel.log.SideFiles;
import io.semel.log.memory.Disk;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.TopicConfig;
import io.semel.transactions.partition.PartitionId;
import io.semel.transactions.records.MetadataRecord;

/**
 * A whole data directory, or one partition of it: the metadata log first, for it says what must be there; decisions
 * once every partition was walked. Thread rule: one thread, once.
 */
final class DirectoryInspection {
    static final String METADATA = "__semel_metadata-0";

    private static final String LABEL_HEAD = "version: 0\ntopic_id: ";

    private final Disk disk;
    private final Findings findings;
    private final PartitionInspection partitions;
    private final BiConsumer<Path, Fields> summaries;
    private final MetadataJournal metadata = new MetadataJournal();
    private final DecisionJournalCheck decisions = new DecisionJournalCheck();

    DirectoryInspection(Disk disk, Findings findings, PartitionInspection partitions,
            BiConsumer<Path, Fields> summaries) {
        this.disk = disk;
        this.findings = findings;
        this.partitions = partitions;
        this.summaries = summaries;
    }

    static boolean isWhole(Disk disk, Path directory) {
        return disk.exists(directory.resolve(SideFiles.META)) || disk.exists(directory.resolve(METADATA));
    }

    void inspect(Path directory) throws IOException {
        if (!isWhole(disk, directory)) {
            inspectPartition(directory);
            return;
        }
        Path meta = directory.resolve(SideFiles.META);
        if (!disk.exists(meta)) {
            findings.add(meta, "label of the directory missing", "the file", "none", Finding.RESTORE);
        } else if (!StandardCharsets.UTF_8.decode(disk.read(meta)).toString().contains("semel.format.version=1\n")) {
            findings.add(meta, "format of the directory", "semel.format.version=1", "another",
                    "open it with the version that wrote it");
        }
        walk(directory.resolve(METADATA), LogConfig.DEFAULT_INDEX_INTERVAL_BYTES, metadata, id -> false);
        topics(directory);
        strangers(directory);
    }

    /** Alone, without what the metadata log says of it. */
    private void inspectPartition(Path directory) throws IOException {
        String name = directory.getFileName().toString();
        int end = name.lastIndexOf('-');
        walk(directory, IndexCheck.ANY_INTERVAL, name.equals(METADATA) ? metadata
                : journalOf(end < 0 ? name : name.substring(0, end)), id -> true);
    }

    private History walk(Path directory, int intervalBytes, RecordCheck.Journal journal, LongPredicate mayBeForgotten)
            throws IOException {
        History history = partitions.inspect(directory, intervalBytes, journal, mayBeForgotten);
        summaries.accept(directory, history.summary());
        return history;
    }

    private RecordCheck.Journal journalOf(String topic) {
        return switch (topic) {
            case Broker.TRANSACTIONS_TOPIC -> decisions;
            case Broker.OFFSETS_TOPIC -> (file, position, record) -> OffsetsJournal.take(record);
            default -> RecordCheck.Journal.NONE;
        };
    }

    private void topics(Path directory) throws IOException {
        Map<PartitionId, History> walked = new LinkedHashMap<>();
        for (MetadataRecord.TopicCreated topic : metadata.topics().values()) {
            for (int index = 0; index < topic.partitionCount(); index++) {
                PartitionId id = new PartitionId(topic.name(), index);
                Path home = directory.resolve(id.toString());
                if (!disk.exists(home)) {
                    findings.add(home, "directory of a partition missing", "a directory", "none", Finding.RESTORE);
                    continue;
                }
                label(home, topic);
                walked.put(id, walk(home, intervalOf(topic), journalOf(topic.name()),
                        metadata.deadIds()::contains));
            }
        }
        Map<String, UUID> ids = metadata.topics().values().stream().collect(Collectors.toMap(
                MetadataRecord.TopicCreated::name, MetadataRecord.TopicCreated::id));
        decisions.compare(ids, walked, findings);
    }

    private static int intervalOf(MetadataRecord.TopicCreated topic) {
        String given = topic.configs().get(TopicConfig.INDEX_INTERVAL_BYTES);
        try {
            return given == null ? LogConfig.DEFAULT_INDEX_INTERVAL_BYTES : Integer.parseInt(given.trim());
        } catch (NumberFormatException e) {
            return IndexCheck.ANY_INTERVAL;
        }
    }

    private void label(Path home, MetadataRecord.TopicCreated topic) throws IOException {
        Path file = home.resolve(FilesCheck.LABEL);
        String expected = LABEL_HEAD + topic.id() + '\n';
        String actual = disk.exists(file) ? StandardCharsets.UTF_8.decode(disk.read(file)).toString() : "no file";
        if (!actual.equals(expected)) {
            findings.add(file, "label of the partition", quoted(expected), quoted(actual),
                    "restore the file, or move the directory away if it is another topic's");
        }
    }

    private static String quoted(String text) {
        return '"' + text.replace("\n", "\\n") + '"';
    }

    /** Directories and files that no topic of the metadata log accounts for. */
    private void strangers(Path directory) throws IOException {
        Set<String> known = new HashSet<>(Set.of(METADATA, ".lock", SideFiles.META, Broker.LAST_LIFE_FILE,
                Broker.LAST_LIFE_FILE + ".tmp"));
        Map<String, Path> labels = new HashMap<>();
        metadata.topics().values().forEach(topic -> {
            for (int index = 0; index < topic.partitionCount(); index++) {
                known.add(topic.name() + '-' + index);
            }
        });
        for (Path entry : disk.list(directory)) {
            if (!known.contains(entry.getFileName().toString())) {
                labels.put(entry.getFileName().toString(), entry);
            }
        }
        for (Path entry : labels.values()) {
            stranger(entry);
        }
    }

    private void stranger(Path entry) throws IOException {
        if (!Files.isDirectory(entry)) {
            findings.add(entry, "leftover", "nothing of this name", "a file", "move it away if it is nobody's");
            return;
        }
        Path file = entry.resolve(FilesCheck.LABEL);
        String label = disk.exists(file) ? StandardCharsets.UTF_8.decode(disk.read(file)).toString() : "";
        boolean deleted = metadata.deleted().stream().anyMatch(id -> label.equals(LABEL_HEAD + id + '\n'));
        findings.add(entry, deleted ? "leftover of a deleted topic" : "directory of no topic",
                "a topic in the metadata log", "none of this name",
                deleted ? "none needed: opening the directory removes it"
                        : "restore " + METADATA + " if it was damaged, or move the directory away");
    }
}
