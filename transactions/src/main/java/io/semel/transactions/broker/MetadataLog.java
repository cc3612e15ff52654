package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

import org.agrona.concurrent.EpochClock;

import io.semel.idempotence.DeadIds;
import io.semel.idempotence.Pen;
import io.semel.idempotence.ProducerExpiry;
import io.semel.idempotence.ProducerIds;
import io.semel.log.Append;
import io.semel.log.Claim;
import io.semel.log.CleanupPolicy;
import io.semel.log.CompactionConfig;
import io.semel.log.CompactionResources;
import io.semel.log.Durability;
import io.semel.log.Log;
import io.semel.log.LogConfig;
import io.semel.log.LogFold;
import io.semel.log.RetentionConfig;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.log.batch.RecordCursor;
import io.semel.log.compaction.CompactionGuide;
import io.semel.log.memory.Disk;
import io.semel.transactions.records.AccessEntry;
import io.semel.transactions.records.MetadataRecord;

/**
 * {@code __semel_metadata}: which topics there are, which producer ids may be in use and which are dead, and who may do
 * what. Create and delete are one record each; what the directory holds is what the log says, live and after a restart
 * alike.
 *
 * <p>Thread rule: any thread; appends one at a time under the pen.
 */
final class MetadataLog implements ProducerIds.Journal, ProducerExpiry.Journal, AutoCloseable {
    private static final int MAX_RECORD_BYTES = 256 << 10;

    private final Log log;
    private final Fold fold;
    private final EpochClock clock;
    private final Pen pen = new Pen();
    private final Claim claim = new Claim();
    private final RecordBatchWriter batch = new RecordBatchWriter(1024, MAX_RECORD_BYTES);

    private MetadataLog(Log log, Fold fold, EpochClock clock) {
        this.log = log;
        this.fold = fold;
        this.clock = clock;
    }

    static MetadataLog open(Disk disk, Path directory, EpochClock clock, Durability durability,
            int segmentBytes) throws IOException {
        Fold fold = new Fold();
        LogConfig config = LogConfig.DEFAULT.withSegmentBytes(segmentBytes).withDurability(durability)
                .withRetention(RetentionConfig.FOR_EVER)
                .withCompaction(CompactionConfig.DEFAULT.withPolicy(CleanupPolicy.COMPACT));
        Log log = Log.open(disk, directory.resolve(TopicName.METADATA + "-0"), config, fold);
        fold.recovering = false;
        if (log.durableOffset() < log.frontierOffset()) {
            // What is read here is taken for on the medium: partitions forget who is dead (I4).
            log.force();
        }
        return new MetadataLog(log, fold, clock);
    }

    static final class Fold implements LogFold {
        private final Map<String, MetadataRecord.TopicCreated> topics = new ConcurrentSkipListMap<>();
        /** Of the topics whose directories may not be gone yet; only until recovery has seen to it. */
        private final Set<UUID> deletedIds = new HashSet<>();
        private final DeadIds deadIds = new DeadIds();
        private final RecordCursor record = new RecordCursor();
        private final Set<AccessEntry> accessEntries = ConcurrentHashMap.newKeySet();
        private boolean recovering = true;
        private volatile long nextProducerId;

        @Override
        public void apply(RecordBatchView batch, long position) {
            record.wrap(batch);
            while (record.next()) {
                apply(MetadataRecord.decode(record.keySlice(), record.valueSlice()));
            }
        }

        Map<String, MetadataRecord.TopicCreated> topics() {
            return topics;
        }

        Set<UUID> deletedIds() {
            return deletedIds;
        }

        long nextProducerId() {
            return nextProducerId;
        }

        private void apply(MetadataRecord change) {
            if (change instanceof MetadataRecord.TopicCreated created) {
                topics.put(created.name(), created);
            } else if (change instanceof MetadataRecord.TopicDeleted deleted) {
                topics.computeIfPresent(deleted.name(), (name, topic) -> topic.id().equals(deleted.id()) ? null
                        : topic);
                if (recovering) {
                    deletedIds.add(deleted.id());
                }
            } else if (change instanceof MetadataRecord.ProducerIdBlock block) {
                nextProducerId = block.nextProducerId();
            } else if (change instanceof MetadataRecord.ProducerIdsDead dead) {
                takeDead(dead);
            } else if (change instanceof MetadataRecord.TopicConfig config) {
                topics.replaceAll((name, topic) -> topic.with(config));
            } else if (change instanceof MetadataRecord.TopicGrown grown) {
                topics.replaceAll((name, topic) -> topic.with(grown));
            } else if (change instanceof MetadataRecord.AccessRule rule) {
                apply(rule);
            }
        }

        private void apply(MetadataRecord.AccessRule rule) {
            switch (rule.standing()) {
                case IN_FORCE -> accessEntries.add(rule.entry());
                case REMOVED -> accessEntries.remove(rule.entry());
            }
        }

        Set<AccessEntry> accessEntries() {
            return Set.copyOf(accessEntries);
        }

        /** Recovery's alone: who journals deaths takes them in once they are on the medium, and not before. */
        private void takeDead(MetadataRecord.ProducerIdsDead dead) {
            if (recovering) {
                deadIds.put(dead.block(), dead.dead());
            }
        }
    }

    /** Appends a change; returns its ticket, or a negative code of {@link Append}. */
    long append(MetadataRecord change) {
        if (!pen.tryTake()) {
            return Append.BACK_PRESSURED;
        }
        try {
            long nowMs = clock.time();
            ByteBuffer key = change.encodeKey();
            ByteBuffer value = change.encodeValue();
            batch.begin(nowMs);
            if (!batch.tryAppend(nowMs, key, 0, key.remaining(), value, 0, value.remaining())) {
                throw new InvalidTopicException(InvalidTopicException.What.CONFIG, "metadata record too large: bytes="
                        + value.remaining() + " limit="
                        + MAX_RECORD_BYTES);
            }
            long offset = log.append(claim, batch.finish());
            log.wantForce();
            return offset < 0 ? offset : offset + 1;
        } finally {
            pen.release();
        }
    }

    /**
     * Appends a change and waits until it is acknowledged and on the medium, because whole directories live and die by
     * it.
     *
     * @throws IOException when it can't be written; whether it was, the next opening tells
     */
    void write(MetadataRecord change) throws IOException {
        long ticket = append(change);
        while (ticket == Append.BACK_PRESSURED) {
            Thread.yield();
            ticket = append(change);
        }
        if (ticket < 0) {
            throw new IOException("metadata not written: " + Append.describe(ticket) + "; nothing was changed");
        }
        while (log.frontierOffset() < ticket) {
            if (log.failure() != null) {
                throw new IOException("metadata log is offline: open the directory again", log.failure());
            }
            Thread.yield();
        }
        log.force();
    }

    @Override
    public long append(long nextUnissued) {
        return append(new MetadataRecord.ProducerIdBlock(nextUnissued));
    }

    @Override
    public boolean isAcknowledged(long ticket) {
        return log.acknowledgedOffset() >= ticket;
    }

    @Override
    public long append(long block, byte[] dead) {
        return append(new MetadataRecord.ProducerIdsDead(block, dead));
    }

    @Override
    public boolean isDurable(long ticket) {
        return log.durableOffset() >= ticket;
    }

    long nextProducerId() {
        return fold.nextProducerId;
    }

    /** The producer ids that were dead when this log was opened; whoever expires more enters them here. */
    DeadIds deadIds() {
        return fold.deadIds;
    }

    /** The ACLs that are in force, as of now. */
    Set<AccessEntry> accessEntries() {
        return fold.accessEntries();
    }

    /** The topics that exist, by name. */
    Collection<MetadataRecord.TopicCreated> topics() {
        return List.copyOf(fold.topics.values());
    }

    /** The ids of topics that were deleted before this log was opened. */
    Set<UUID> deletedIds() {
        return fold.deletedIds;
    }

    int doWork() {
        return log.doWork();
    }

    int flush() {
        return log.flush();
    }

    /**
     * Takes superseded records away: of each topic the record of its creation, its newest configuration, its newest
     * count of partitions and its deletion stay, so that directories of topics deleted long ago are known for what they
     * are. Of each ACL the last word stays.
     */
    int clean(long nowMs, CompactionResources resources) {
        return log.clean(nowMs, log.startOffset()) + log.compact(nowMs, CompactionGuide.NO_TRANSACTIONS, resources);
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
