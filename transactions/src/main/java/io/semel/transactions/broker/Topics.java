package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;

import io.semel.idempotence.ProducerIds;
import io.semel.log.LogConfig;
import io.semel.log.LogFold;
import io.semel.log.memory.Disk;
import io.semel.transactions.coordinator.PartitionLookup;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionId;
import io.semel.transactions.records.MetadataRecord;

/**
 * The topics of one directory, as the metadata log says, each partition in a directory {@code topic-partition} that is
 * labelled with its topic's id: what a deleted topic left behind is never taken for its successor's.
 *
 * <p>Thread rule: look-ups by any thread; {@link #open} and {@link #delete} by one thread at a time.
 */
final class Topics implements PartitionLookup, AutoCloseable {
    private static final String LABEL_FILE = "partition.metadata";

    private final Disk disk;
    private final Path directory;
    private final ProducerIds ids;
    private final Function<String, LogFold> contents;
    private final Map<String, Topic> byName = new ConcurrentSkipListMap<>();
    private volatile List<Partition> partitions = List.of();

    /**
     * @param contents what the records of a topic mean to the broker, by the topic's name
     */
    Topics(Disk disk, Path directory, ProducerIds ids, Function<String, LogFold> contents) {
        this.disk = disk;
        this.directory = directory;
        this.ids = ids;
        this.contents = contents;
    }

    Topic open(MetadataRecord.TopicCreated created) throws IOException {
        LogConfig config = TopicConfig.logConfig(created.name(), created.configs());
        List<Partition> opened = new ArrayList<>();
        try {
            for (int index = 0; index < created.partitionCount(); index++) {
                PartitionId id = new PartitionId(created.name(), index);
                Path home = directory.resolve(id.toString());
                label(created, home);
                opened.add(Partition.open(id, disk, home, config, ids, contents.apply(created.name())));
            }
        } catch (IOException | RuntimeException e) {
            for (Partition partition : opened) {
                partition.close();
            }
            throw e;
        }
        Topic topic = new Topic(created.id(), created.name(), created.configs(), opened);
        byName.put(created.name(), topic);
        refresh();
        return topic;
    }

    private void label(MetadataRecord.TopicCreated created, Path home) throws IOException {
        ByteBuffer label = StandardCharsets.UTF_8.encode("version: 0\ntopic_id: " + created.id() + '\n');
        Path file = home.resolve(LABEL_FILE);
        if (disk.exists(file) && disk.read(file).equals(label)) {
            return;
        }
        if (disk.exists(file)) {
            // Left by a deleted topic of the same name: its deletion is in the metadata log, its files were not gone yet.
            disk.delete(home);
        }
        disk.createDirectories(home);
        disk.replace(file, label);
    }

    void delete(Topic topic) throws IOException {
        byName.remove(topic.name());
        refresh();
        for (Partition partition : topic.partitions()) {
            partition.close();
            disk.delete(directory.resolve(partition.id().toString()));
        }
    }

    private void refresh() {
        List<Partition> all = new ArrayList<>();
        byName.values().forEach(topic -> all.addAll(topic.partitions()));
        partitions = List.copyOf(all);
    }

    /** The topic, or null when there is none. */
    Topic find(String name) {
        return byName.get(name);
    }

    Collection<Topic> topics() {
        return List.copyOf(byName.values());
    }

    @Override
    public Partition find(PartitionId id) {
        Topic topic = byName.get(id.topic());
        boolean exists = topic != null && id.partition() >= 0 && id.partition() < topic.partitions().size();
        return exists ? topic.partitions().get(id.partition()) : null;
    }

    @Override
    public Collection<Partition> all() {
        return partitions;
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (Partition partition : partitions) {
            try {
                partition.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
