package io.semel.server.transactions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import io.semel.log.SideFiles;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;
import io.semel.log.memory.Disk;
import io.semel.server.UsageException;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.groups.CommittedOffsets;
import io.semel.transactions.partition.PartitionId;
import io.semel.transactions.records.MetadataRecord;
import io.semel.transactions.records.TransactionLogKey;
import io.semel.transactions.records.TransactionLogValue;

/**
 * A directory's transactions as its files are. Opening the directory would end what is open, and so show nothing of it:
 * this reads the files alone, and changes none.
 *
 * <p>Thread rule: one thread.
 */
final class DirectoryLook {
    private static final String METADATA = "__semel_metadata";

    private final Map<String, MetadataRecord.TopicCreated> topics = new TreeMap<>();
    private final Map<String, TransactionLogValue> ids = new TreeMap<>();
    private final CommittedOffsets offsets = new CommittedOffsets(0);
    private final Map<PartitionId, PartitionLook> partitions = new LinkedHashMap<>();
    private final RecordCursor cursor = new RecordCursor();

    private DirectoryLook() {
    }

    static DirectoryLook at(Disk disk, Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            throw new UsageException("no such directory: " + path);
        }
        Path metadata = path.resolve(METADATA + "-0");
        if (!disk.exists(path.resolve(SideFiles.META)) || !disk.exists(metadata)) {
            throw new UsageException("not a data directory: " + path + " has no " + SideFiles.META + " or no "
                    + METADATA
                    + "-0");
        }
        DirectoryLook look = new DirectoryLook();
        look.partitions.put(new PartitionId(METADATA, 0), PartitionLook.whole(disk, new PartitionId(METADATA, 0),
                metadata, look::takeTopics));
        for (MetadataRecord.TopicCreated topic : look.topics.values()) {
            for (int index = 0; index < topic.partitionCount(); index++) {
                look.take(disk, path, new PartitionId(topic.name(), index));
            }
        }
        return look;
    }

    private void take(Disk disk, Path path, PartitionId id) throws IOException {
        Path directory = path.resolve(id.toString());
        if (!disk.exists(directory)) {
            return;
        }
        partitions.put(id, switch (id.topic()) {
            case Broker.TRANSACTIONS_TOPIC -> PartitionLook.whole(disk, id, directory, this::takeIds);
            case Broker.OFFSETS_TOPIC -> PartitionLook.whole(disk, id, directory, offsets::apply);
            default -> PartitionLook.tail(disk, id, directory);
        });
    }

    private void takeTopics(RecordBatchView batch) {
        if (batch.isControl()) {
            return;
        }
        cursor.wrap(batch);
        while (cursor.next()) {
            MetadataRecord change = MetadataRecord.decode(cursor.keySlice(), cursor.valueSlice());
            if (change instanceof MetadataRecord.TopicCreated created) {
                topics.put(created.name(), created);
            } else if (change instanceof MetadataRecord.TopicDeleted gone) {
                topics.values().removeIf(topic -> topic.id().equals(gone.id()));
            } else if (change instanceof MetadataRecord.TopicGrown grown) {
                topics.replaceAll((name, topic) -> topic.with(grown));
            }
        }
    }

    private void takeIds(RecordBatchView batch) {
        if (batch.isControl()) {
            return;
        }
        cursor.wrap(batch);
        while (cursor.next()) {
            String id = TransactionLogKey.decode(cursor.keySlice()).transactionalId();
            if (cursor.valueLength() < 0) {
                ids.remove(id);
            } else {
                ids.put(id, TransactionLogValue.decode(cursor.valueSlice()));
            }
        }
    }

    /** Of a topic; empty when there is none. */
    Optional<Integer> partitionCount(String topic) {
        return Optional.ofNullable(topics.get(topic)).map(MetadataRecord.TopicCreated::partitionCount);
    }

    Collection<String> topicNames() {
        return topics.keySet();
    }

    /** Empty when its directory is missing. */
    Optional<PartitionLook> partition(PartitionId id) {
        return Optional.ofNullable(partitions.get(id));
    }

    /** All transactional ids by name, and behind them the producers that have something open and belong to none. */
    List<FoundTransaction> transactions() {
        Map<Long, List<OpenBranch>> open = new HashMap<>();
        partitions.values().forEach(partition -> partition.open().forEach(branch -> open.computeIfAbsent(branch
                .producerId(), producer -> new ArrayList<>()).add(branch)));
        List<FoundTransaction> found = new ArrayList<>();
        ids.forEach((id, last) -> {
            long producerId = last.identity().producerId();
            List<OpenBranch> branches = open.containsKey(producerId) ? open.remove(producerId) : List.of();
            found.add(FoundTransaction.of(id, last, branches, offsets.stagedBy(producerId)));
        });
        new TreeMap<>(open).forEach((producerId, branches) -> found.add(FoundTransaction.hanging(branches, offsets
                .stagedBy(
                        producerId))));
        return found;
    }

    /** What could not be looked at, a sentence each. */
    List<String> damages() {
        return partitions.values().stream().map(PartitionLook::damage).filter(each -> !each.isEmpty()).toList();
    }
}
