package io.semel.client.consumer;

import java.util.Optional;
import java.util.UUID;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

import io.semel.client.runtime.KafkaErrors;
import io.semel.log.Append;
import io.semel.log.TailWaiter;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionReader;
import io.semel.transactions.partition.ReaderLimitException;

/**
 * One assigned partition: the position of its consumer, and the reader that stands there.
 *
 * <p>Thread rule: the polling thread's.
 *
 * <p>Invariants: the position only grows between two seeks, and every record below it was handed over, lies below where
 * the consumer began, or is hidden from its isolation. The reader, if there is one, never stands behind the position.
 */
final class PartitionFeed {
    static final long NO_POSITION = -1;

    private final TopicPartition id;
    private final TailWaiter.Registration registration;
    private final boolean checksCrcs;
    private final RecordCursor cursor = new RecordCursor();
    /** Null while the partition does not exist. */
    private Partition partition;
    /** Of the topic attached last; null before the first, and after a seek while there is none. */
    private UUID topicId;
    private PartitionReader reader;
    private boolean isInBatch;
    private long position = NO_POSITION;
    /** Of the last record that was passed, or what came with the position if that was given since. */
    private int epoch = RecordBatchLayout.NO_LEADER_EPOCH;
    /** What a pending {@code seekToBeginning} or {@code seekToEnd} asks for; else the committed offset is looked up. */
    private StartPolicy pendingSeek;
    private long committedPosition = NO_POSITION;
    private boolean isPaused;

    PartitionFeed(TopicPartition id, TailWaiter waiter, boolean checksCrcs) {
        this.id = id;
        this.registration = new TailWaiter.Registration(waiter);
        this.checksCrcs = checksCrcs;
    }

    TopicPartition id() {
        return id;
    }

    Partition partition() {
        return partition;
    }

    /** Its topic is deleted. What the position was stays known, for commits that are still to come. */
    void detach() {
        stopReading();
        partition = null;
    }

    /** Stands in {@code current}. A position in an earlier topic of that name means nothing here and is dropped. */
    void attach(Partition current, UUID topic) {
        stopReading();
        partition = current;
        if (topicId != null && !topicId.equals(topic)) {
            position = NO_POSITION;
            committedPosition = NO_POSITION;
        }
        topicId = topic;
    }

    /** The topic in which the position and the commits of this feed are; empty before it was attached. */
    Optional<UUID> topicId() {
        return Optional.ofNullable(topicId);
    }

    boolean exists() {
        return partition != null;
    }

    long position() {
        return position;
    }

    boolean hasPosition() {
        return position != NO_POSITION;
    }

    /** The leader epoch of the last record before the position; empty when nobody told it. */
    Optional<Integer> epoch() {
        return epoch == RecordBatchLayout.NO_LEADER_EPOCH ? Optional.empty() : Optional.of(epoch);
    }

    /** Offsets between the position and the end for this isolation. */
    long lag(Isolation isolation) {
        return Math.max(0, partition.endOffset(isolation) - position);
    }

    /** Offsets between the start and the position. */
    long lead() {
        return Math.max(0, position - partition.startOffset());
    }

    void seek(long offset) {
        seek(offset, RecordBatchLayout.NO_LEADER_EPOCH);
    }

    /** @param leaderEpoch of the record before, for the commits of this position */
    void seek(long offset, int leaderEpoch) {
        stopReading();
        epoch = leaderEpoch;
        if (partition == null) {
            // Meant for the topic to come.
            topicId = null;
        }
        pendingSeek = null;
        position = offset;
    }

    void seekLater(StartPolicy where) {
        stopReading();
        position = NO_POSITION;
        pendingSeek = where;
    }

    /** Null when the committed offset decides. */
    StartPolicy pendingSeek() {
        return pendingSeek;
    }

    void pause() {
        isPaused = true;
    }

    void resume() {
        isPaused = false;
    }

    boolean isPaused() {
        return isPaused;
    }

    /** The position that was committed last; {@link #NO_POSITION} when none was by this consumer. */
    long committedPosition() {
        return committedPosition;
    }

    void noteCommitted(long offset) {
        committedPosition = offset;
    }

    boolean isFetchable() {
        return hasPosition() && exists() && !isPaused;
    }

    /**
     * Whether the log has, or is about to have, what the position asks for: records may be deleted under a reader too.
     */
    boolean isInRange() {
        return position >= partition.startOffset()
                && (reader != null || position <= partition.log().claimedOffset());
    }

    void startReading(Isolation isolation) {
        if (reader == null) {
            try {
                reader = partition.openReader(position, isolation);
            } catch (ReaderLimitException e) {
                throw KafkaErrors.limitReached(e);
            }
        }
    }

    /**
     * Stands on the next record at or past the position; false when there is none now, the position is then past the
     * rest.
     */
    boolean nextRecord() {
        while (true) {
            while (isInBatch && cursor.next()) {
                if (cursor.offset() >= position) {
                    return true;
                }
            }
            isInBatch = false;
            if (!reader.next()) {
                position = Math.max(position, reader.nextOffset());
                requireOnline();
                return false;
            }
            RecordBatchView batch = reader.batch();
            if (batch.baseOffset() > position && position < partition.startOffset()) {
                // What lay between was deleted: auto.offset.reset says how to go on, as if nothing had been read.
                stopReading();
                return false;
            }
            if (checksCrcs && !batch.isCrcValid()) {
                throw new KafkaException("bad CRC: partition=" + id + " " + batch + "; seek to " + batch.nextOffset()
                        + " to pass over it");
            }
            cursor.wrap(batch);
            isInBatch = true;
        }
    }

    private void requireOnline() {
        if (partition.log().failure() != null) {
            throw KafkaErrors.unavailable(Append.OFFLINE, partition);
        }
    }

    RecordCursor record() {
        return cursor;
    }

    RecordBatchView batch() {
        return reader.batch();
    }

    void passRecord() {
        position = cursor.offset() + 1;
        epoch = reader.batch().leaderEpoch();
    }

    /** The next read begins at the position again. */
    void stopReading() {
        if (partition != null) {
            partition.stopWaking(registration);
        }
        if (reader != null) {
            reader.close();
            reader = null;
            isInBatch = false;
        }
    }

    /** Has the waiter woken by the next advance of the log; {@link #hasMore} is to be asked afterwards. */
    void listen() {
        partition.wakeOnAdvance(registration);
    }

    boolean hasMore() {
        return reader == null || isInBatch || reader.hasMore();
    }

    @Override
    public String toString() {
        return id + "@" + position + (isPaused ? " paused" : "");
    }
}
