package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

import io.semel.idempotence.ProducerExpiry;
import io.semel.idempotence.ProducerIds;
import io.semel.log.Append;
import io.semel.log.DataDirectory;
import io.semel.log.LogFold;
import io.semel.log.RecoveryProgress;
import io.semel.log.memory.Budget;
import io.semel.log.memory.BudgetedDisk;
import io.semel.log.memory.Disk;
import io.semel.transactions.coordinator.DecisionJournal;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.TransactionCoordinator;
import io.semel.transactions.coordinator.TransactionRecovery;
import io.semel.transactions.groups.CommittedOffsets;
import io.semel.transactions.groups.GroupCoordinator;
import io.semel.transactions.groups.GroupLimits;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionContext;
import io.semel.transactions.partition.Refusal;
import io.semel.transactions.records.MetadataRecord;

/**
 * Opens a directory step by step: lock, metadata, partitions, transactions. Whatever was opened is closed again when a
 * step fails, the lock last. Thread rule: one thread, once.
 */
final class BrokerOpening {
    private final BrokerContext context;
    private final Budget budget;
    private final Disk disk;
    private final DecisionJournal.Fold decisions = new DecisionJournal.Fold();
    private final CommittedOffsets offsets = new CommittedOffsets(0);
    private DataDirectory directory;
    private MetadataLog metadata;
    private ProducerIds ids;
    private Topics topics;

    private BrokerOpening(BrokerContext context) {
        this.context = context;
        this.budget = new Budget(context.limits());
        this.disk = new BudgetedDisk(context.disk(), budget);
    }

    static Broker open(Path path, BrokerContext context) throws IOException {
        BrokerOpening opening = new BrokerOpening(context);
        try {
            return opening.open(path);
        } catch (IOException | RuntimeException | Error e) {
            opening.closeAll(e);
            throw e;
        }
    }

    private Broker open(Path path) throws IOException {
        directory = DataDirectory.open(disk, path, context.ids());
        metadata = MetadataLog.open(disk, path, context.clock(), context.durability(), context.ownSegmentBytes());
        ids = new ProducerIds(metadata, metadata.nextProducerId(), metadata.deadIds(), context.verdicts());
        topics = new Topics(new PartitionContext(disk, ids, budget, RecoveryProgress.UNHEARD), path, context
                .durability(),
                this::contentOf);
        topics.removeLeftovers(metadata.deletedIds());
        int partitionCount = metadata.topics().stream().mapToInt(MetadataRecord.TopicCreated::partitionCount).sum();
        topics.recover(metadata.topics(), context.openers(), new OpeningProgress(path, context.clock(),
                partitionCount));
        Partition journal = internal(Broker.TRANSACTIONS_TOPIC, Map.of(TopicConfig.MAX_MESSAGE_BYTES,
                Integer.toString(Math.min(DecisionJournal.MAX_RECORD_BYTES, context.ownSegmentBytes()))));
        Partition offsetsPartition = internal(Broker.OFFSETS_TOPIC, Map.of());
        TransactionCoordinator coordinator = new TransactionCoordinator(new DecisionJournal(journal), topics, ids,
                context.clock(), context.steady(), context.expirations().transactionalIdMs());
        RecoveryReport report = recover(coordinator);
        topics.beginLife();
        GroupCoordinator groups = new GroupCoordinator(new PartitionOffsetsLog(offsetsPartition), offsets,
                GroupLimits.EMBEDDED, context.expirations().offsets(), context.steady(), () -> context.ids().get()
                        .toString(), new TopicsToConsume(topics));
        ProducerExpiry expiry = new ProducerExpiry(ids, metadata, new ExpiringPartitions(topics), context.clock(),
                context.expirations().producerIdMs());
        return new Broker(context, directory, metadata, ids, expiry, topics, coordinator, groups, report, budget);
    }

    private LogFold contentOf(String topic) {
        return switch (topic) {
            case Broker.TRANSACTIONS_TOPIC -> decisions;
            case Broker.OFFSETS_TOPIC -> (batch, position) -> offsets.apply(batch);
            default -> Partition.NO_CONTENT;
        };
    }

    private Partition internal(String name, Map<String, String> configs) throws IOException {
        Topic topic = topics.find(name);
        if (topic == null) {
            Map<String, String> sized = new TreeMap<>(configs);
            if (context.ownSegmentBytes() != TopicConfig.INTERNAL_SEGMENT_BYTES) {
                sized.put(TopicConfig.SEGMENT_BYTES, Integer.toString(context.ownSegmentBytes()));
            }
            topic = Broker.create(topics, metadata, new MetadataRecord.TopicCreated(context.ids().get(), name, 1,
                    sized, context.clock().time()));
        }
        return topic.partitions().get(0);
    }

    /** Nobody else is at work yet, so whatever is refused for longer than a moment needs the user's help. */
    private RecoveryReport recover(TransactionCoordinator coordinator) throws IOException {
        TransactionRecovery recovery = coordinator.recover(decisions, topics.survival());
        Progress progress = recovery.step();
        while (progress == Progress.PENDING && recovery.refusal() != Append.DISK_FULL) {
            // Nobody else flushes yet.
            topics.all().forEach(Partition::flush);
            progress = recovery.step();
        }
        if (progress != Progress.DONE) {
            throw new IOException("transactions of " + directory.path() + " can't be ended: "
                    + Refusal.describe(recovery.refusal())
                    + "; nothing is lost: mend that and open the directory again");
        }
        return new RecoveryReport(recovery.finishedCount(), recovery.abortedCount(), recovery.lostCount(),
                recovery.waitingCount(), topics.offline());
    }

    private void closeAll(Throwable cause) {
        for (AutoCloseable each : new AutoCloseable[] {topics, metadata, directory}) {
            try {
                if (each != null) {
                    each.close();
                }
            } catch (Exception e) {
                cause.addSuppressed(e);
            }
        }
    }
}
