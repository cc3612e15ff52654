package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.log.CorruptLogException;
import io.semel.log.Durability;
import io.semel.log.IncompatibleDirectoryException;
import io.semel.log.LogConfig;
import io.semel.log.LogFold;
import io.semel.log.LogRemains;
import io.semel.log.memory.Disk;
import io.semel.log.memory.DiskFullException;
import io.semel.log.memory.OpenRefusedException;
import io.semel.transactions.coordinator.PartitionLookup;
import io.semel.transactions.coordinator.Survival;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionContext;
import io.semel.transactions.partition.PartitionId;
import io.semel.transactions.records.MetadataRecord;

/**
 * The topics of one directory, as the metadata log says, each partition in a directory {@code topic-partition} that is
 * labelled with its topic's id: what a deleted topic left behind is never taken for its successor's.
 *
 * <p>Thread rule: look-ups by any thread; everything that changes by one thread at a time.
 */
final class Topics implements PartitionLookup, AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Topics.class);

    private static final String LABEL_FILE = "partition.metadata";

    private static final String LABEL_HEAD = "version: 0\ntopic_id: ";

    private final Disk disk;
    private final Path directory;
    private final Durability durability;
    private final PartitionContext shared;
    private final Function<String, LogFold> contents;
    private final LastLife lastLife;
    private final Map<String, Topic> byName = new ConcurrentSkipListMap<>();
    /** The same; for a moment one may have what the other has not. */
    private final Map<UUID, Topic> byId = new ConcurrentHashMap<>();
    /** Topics whose deletion the metadata log holds: what their directories still hold is given up. */
    private final Set<UUID> deleted = new HashSet<>();
    private volatile List<Partition> partitions = List.of();
    /** Found while the directory was opened; from then on only deleting their topics takes them away. */
    private final List<OfflinePartition> offline = new CopyOnWriteArrayList<>();

    /**
     * @param shared what all partitions share; nobody hears its progress, see {@link #recover}
     * @param durability of topics that do not say theirs, and of the broker's own
     * @param contents what the records of a topic mean to the broker, by the topic's name
     */
    Topics(PartitionContext shared, Path directory, Durability durability, Function<String, LogFold> contents) {
        this.shared = shared;
        this.disk = shared.disk();
        this.directory = directory;
        this.durability = durability;
        this.contents = contents;
        this.lastLife = new LastLife(disk, directory, durability);
    }

    /** Opens the topics that the metadata log holds, partitions side by side, and shows them. */
    void recover(Collection<MetadataRecord.TopicCreated> all, Executor threads, OpeningProgress progress)
            throws IOException {
        PartitionOpenings openings = new PartitionOpenings(threads);
        PartitionContext heard = new PartitionContext(disk, shared.ids(), shared.budget(), progress);
        for (MetadataRecord.TopicCreated created : all) {
            for (int index = 0; index < created.partitionCount(); index++) {
                int partition = index;
                openings.start(() -> {
                    Optional<Partition> opened = openUnlessBroken(created, partition, heard);
                    progress.opened();
                    return opened;
                });
            }
        }
        Map<UUID, List<Partition>> opened = openings.await().stream()
                .collect(Collectors.groupingBy(Partition::topicId));
        Map<UUID, List<OfflinePartition>> broken = offline.stream()
                .sorted(Comparator.comparingInt(each -> each.id().partition()))
                .collect(Collectors.groupingBy(OfflinePartition::topicId));
        for (MetadataRecord.TopicCreated created : all) {
            show(new Topic(created.id(), created.name(), created.configs(), List.of(), broken.getOrDefault(created.id(),
                    List.of())), opened.getOrDefault(created.id(), List.of()));
        }
    }

    /**
     * Damage, or a disk that fails under it, takes one partition out of service and not the directory; without its own
     * topics nothing of that would work. What is nobody's damage and strikes any of them passes, and whoever opens can
     * see to it: a full disk, a process out of descriptors. Half of the partitions, taken by chance and until the next
     * opening, would help nobody.
     */
    private Optional<Partition> openUnlessBroken(MetadataRecord.TopicCreated created, int index,
            PartitionContext context) throws IOException {
        try {
            return Optional.of(open(created, index, context));
        } catch (DiskFullException | OpenRefusedException | IncompatibleDirectoryException e) {
            // The last: somebody moved directories, and who deletes this topic must not delete what is another's.
            throw e;
        } catch (IOException e) {
            if (Topic.isInternal(created.name())) {
                throw e;
            }
            PartitionId id = new PartitionId(created.name(), index);
            IOException cause = e instanceof CorruptLogException ? e : notOpened(directory.resolve(id.toString()), e);
            offline.add(new OfflinePartition(id, created.id(), cause));
            LOGGER.error("{} is offline until {} is opened again; the other partitions are in service: {}", id,
                    directory, cause.getMessage());
            return Optional.empty();
        }
    }

    private static IOException notOpened(Path home, IOException cause) {
        return new IOException("can't be opened: " + home + ": " + cause
                + "; what was acknowledged is left as it is. Check the disk, and who may read and write there", cause);
    }

    /**
     * Makes the directories of a new topic's partitions, or of those that an older one gets, and opens them. Nobody
     * finds them before {@link #show}: their record in the metadata log is what makes them exist. What stands in their
     * way is removed if a deleted topic left it, or if it never got a record.
     *
     * @param created how the topic will be
     * @param from    the first partition that is new
     * @throws IncompatibleDirectoryException when a directory in the way may hold records; nothing was removed then
     */
    List<Partition> prepare(MetadataRecord.TopicCreated created, int from) throws IOException {
        List<Path> homes = new ArrayList<>();
        for (int index = from; index < created.partitionCount(); index++) {
            homes.add(directory.resolve(new PartitionId(created.name(), index).toString()));
        }
        for (Path home : homes) {
            requireWorthless(home, created.name());
        }
        for (Path home : homes) {
            remove(home);
        }
        return open(created, from);
    }

    /**
     * A metadata log that was damaged and cut knows less than the directories hold: that a topic is not in it does not
     * say that its records may go.
     */
    private void requireWorthless(Path home, String name) throws IOException {
        if (isOfDeletedTopic(home)) {
            return;
        }
        Path worthy = LogRemains.firstOfWorth(disk, home, Set.of(LABEL_FILE));
        if (worthy != null) {
            throw new IncompatibleDirectoryException("topic " + name
                    + " can't be made: the metadata log knows neither it nor"
                    + " its deletion, but " + worthy + " may hold records. If the metadata log was damaged, restore "
                    + directory.resolve(TopicName.METADATA + "-0") + " from a backup; or move " + home
                    + " away to give its records up. The directory was left as it is");
        }
    }

    private List<Partition> open(MetadataRecord.TopicCreated created, int from) throws IOException {
        PartitionOpenings openings = new PartitionOpenings(Runnable::run);
        for (int index = from; index < created.partitionCount(); index++) {
            int partition = index;
            openings.start(() -> Optional.of(open(created, partition, shared)));
        }
        return openings.await();
    }

    private Partition open(MetadataRecord.TopicCreated created, int index, PartitionContext context)
            throws IOException {
        PartitionId id = new PartitionId(created.name(), index);
        Path home = directory.resolve(id.toString());
        label(created, home);
        LogConfig config = TopicConfig.logConfig(created.name(), created.configs(), durability);
        return Partition.open(context, id, created.id(), home, config, contents.apply(created.name()));
    }

    private void label(MetadataRecord.TopicCreated created, Path home) throws IOException {
        ByteBuffer label = StandardCharsets.UTF_8.encode(LABEL_HEAD + created.id() + '\n');
        Path file = home.resolve(LABEL_FILE);
        if (disk.exists(file) && disk.read(file).equals(label)) {
            return;
        }
        if (disk.exists(file)) {
            // What deleted topics left is gone by now, so this is damage, or somebody moved directories: records may be
            // in it.
            throw new IncompatibleDirectoryException("wrong label: " + file + " does not name topic " + created.name()
                    + " with id " + created.id() + "; it is damaged or belongs to another topic. Nothing was changed:"
                    + " restore the file, or move the directory away to give its records up");
        }
        disk.createDirectories(home);
        disk.replace(file, label);
    }

    /**
     * The list of partitions first: whoever aborts a producer's transaction looks through it, and must not miss one
     * that the producer can already find by name (T8).
     */
    Topic show(Topic topic, List<Partition> more) {
        List<Partition> all = new ArrayList<>(partitions);
        all.addAll(more);
        partitions = List.copyOf(all);
        List<Partition> own = new ArrayList<>(topic.partitions());
        own.addAll(more);
        Topic grown = new Topic(topic.id(), topic.name(), topic.configs(), own, topic.offline());
        byName.put(grown.name(), grown);
        byId.put(grown.id(), grown);
        return grown;
    }

    /**
     * Shows a topic with another configuration; limits of keeping hold at once, sizes when its logs are opened again.
     */
    void configure(Topic topic, Map<String, String> configs, LogConfig config) {
        for (Partition partition : topic.partitions()) {
            partition.log().retain(config.retention());
        }
        Topic configured = new Topic(topic.id(), topic.name(), configs, topic.partitions(), topic.offline());
        byName.put(topic.name(), configured);
        byId.put(topic.id(), configured);
    }

    /** Undoes {@link #prepare} when the record could not be written. */
    void discard(List<Partition> prepared, Exception cause) {
        for (Partition partition : prepared) {
            close(partition, cause);
            try {
                remove(directory.resolve(partition.id().toString()));
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }
    }

    private static void close(Partition partition, Throwable cause) {
        try {
            partition.close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /**
     * Deletes the directories of a topic whose deletion the metadata log holds; what is left over goes at the next
     * start.
     *
     * @throws IncompatibleDirectoryException when that of an offline partition is not, or not surely, the topic's: it
     *                                        stays
     */
    void delete(Topic topic) throws IOException {
        deleted.add(topic.id());
        byName.remove(topic.name());
        byId.remove(topic.id());
        offline.removeAll(topic.offline());
        List<Partition> all = new ArrayList<>(partitions);
        all.removeAll(topic.partitions());
        partitions = List.copyOf(all);
        IOException failure = null;
        for (Partition partition : topic.partitions()) {
            try {
                partition.close();
                remove(directory.resolve(partition.id().toString()));
            } catch (IOException e) {
                failure = firstOf(failure, e);
            }
        }
        for (OfflinePartition partition : topic.offline()) {
            try {
                removeUnopened(directory.resolve(partition.id().toString()), topic);
            } catch (IOException e) {
                failure = firstOf(failure, e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static IOException firstOf(IOException before, IOException next) {
        if (before == null) {
            return next;
        }
        before.addSuppressed(next);
        return before;
    }

    /** What failed at the opening may be the look at the label: nobody knows yet whose records these are. */
    private void removeUnopened(Path home, Topic topic) throws IOException {
        boolean own;
        try {
            own = isOfDeletedTopic(home);
        } catch (IOException e) {
            throw new IncompatibleDirectoryException("topic " + topic.name() + " is deleted, but the label of " + home
                    + " can't be read: " + e + "; the directory was left as it is, and goes at the first opening that"
                    + " can read that it is the topic's. Check the disk");
        }
        if (own) {
            remove(home);
        } else if (!disk.list(home).isEmpty()) {
            throw new IncompatibleDirectoryException("topic " + topic.name() + " is deleted, but " + home
                    + " has no label that names it with id " + topic.id() + ": the label is damaged, or the directory"
                    + " belongs to another topic. It was left as it is: move it away, or delete it to give its"
                    + " records up");
        }
    }

    /**
     * Deletes what a crash left of deleted topics. Directories of unknown topics are left alone: they may be worth
     * something. What can't be looked at or deleted now is left to the next start: a partition whose disk fails must
     * not keep the others away.
     */
    void removeLeftovers(Set<UUID> deletedIds) throws IOException {
        deleted.addAll(deletedIds);
        for (Path home : disk.list(directory)) {
            try {
                if (isOfDeletedTopic(home)) {
                    remove(home);
                }
            } catch (OpenRefusedException e) {
                throw e;
            } catch (IOException e) {
                LOGGER.warn("{} was not looked at for what deleted topics left there: {}; the next opening will", home,
                        e.toString());
            }
        }
    }

    private boolean isOfDeletedTopic(Path home) throws IOException {
        Path file = home.resolve(LABEL_FILE);
        if (!disk.exists(file)) {
            return false;
        }
        String label = StandardCharsets.UTF_8.decode(disk.read(file)).toString();
        return label.startsWith(LABEL_HEAD) && deleted.contains(idIn(label));
    }

    private static UUID idIn(String label) {
        try {
            return UUID.fromString(label.substring(LABEL_HEAD.length()).trim());
        } catch (IllegalArgumentException e) {
            // Damaged: nobody's. The zero id is never given to a topic.
            return new UUID(0, 0);
        }
    }

    /**
     * The label last, also on the medium: a directory that a crash leaves half deleted must still say whose it was, or
     * nobody may have its name again.
     */
    private void remove(Path home) throws IOException {
        boolean isMore = false;
        for (Path file : disk.list(home)) {
            if (!file.getFileName().toString().equals(LABEL_FILE)) {
                disk.delete(file);
                isMore = true;
            }
        }
        if (isMore) {
            disk.forceDirectory(home);
        }
        disk.delete(home);
    }

    /** The topic, or null when there is none. */
    Topic find(String name) {
        return byName.get(name);
    }

    /** As {@link #find(String)}, by what tells it from others of its name. */
    Topic find(UUID id) {
        return byId.get(id);
    }

    Collection<Topic> topics() {
        return List.copyOf(byName.values());
    }

    @Override
    public Partition find(PartitionId id) {
        Topic topic = byName.get(id.topic());
        boolean exists = topic != null && id.partition() >= 0 && id.partition() < topic.partitionCount()
                && !topic.isOffline(id.partition());
        return exists ? topic.partition(id.partition()) : null;
    }

    @Override
    public boolean isOffline(PartitionId id, UUID topicId) {
        return offline.stream().anyMatch(each -> each.id().equals(id) && each.topicId().equals(topicId));
    }

    List<OfflinePartition> offline() {
        return List.copyOf(offline);
    }

    @Override
    public Collection<Partition> all() {
        return partitions;
    }

    /** What the partitions still hold of what they acknowledged in the life before; once all are opened. */
    Survival survival() throws IOException {
        return offline.isEmpty() ? lastLife.survival(partitions) : Survival.DOUBTFUL;
    }

    /** Before anybody writes. */
    void beginLife() throws IOException {
        lastLife.begin();
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        boolean whole = true;
        for (Partition partition : partitions) {
            try {
                whole &= partition.log().failure() == null;
                partition.close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
        if (whole) {
            lastLife.end();
        }
    }
}
