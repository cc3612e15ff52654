package io.semel.transactions.coordinator;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.idempotence.ProducerState;
import io.semel.log.Durability;
import io.semel.log.batch.ControlBatches;
import io.semel.log.batch.ControlType;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionId;
import io.semel.transactions.partition.PartitionWriter;
import io.semel.transactions.partition.Refusal;
import io.semel.transactions.records.TransactionTopic;

/**
 * One decided transaction on its way to completion: its outcome, the partitions that it touched, and where it began in
 * each. Topic id and first offset name the transaction exactly: a later one of the same producer id and epoch begins
 * elsewhere, so carrying a decision out twice can't end the wrong one (T7).
 *
 * <p>Thread rule: under the pen of its transactional id.
 */
final class Decision {
    static final long NOT_JOURNALED = -1;

    private static final Logger LOGGER = LoggerFactory.getLogger(Decision.class);

    /** Topics together, as the journal writes them. */
    private static final Comparator<Branch> BY_TOPIC = Comparator
            .comparing((Branch branch) -> branch.partition().id().topic())
            .thenComparing(branch -> branch.partition().topicId());

    private final ControlType outcome;
    private final short markerEpoch;
    private final List<Branch> branches = new ArrayList<>(2);
    /**
     * Branches that recovery found out of service: their markers wait for the next opening, and so does the completion
     * (T8).
     */
    private final List<OfflineBranch> offline = new ArrayList<>(0);
    private boolean awaitsOffline;
    private long ticket = NOT_JOURNALED;
    private long refusal;
    private int markersWritten;
    private int lostBranches;

    Decision(ControlType outcome, short markerEpoch) {
        this.outcome = outcome;
        this.markerEpoch = markerEpoch;
    }

    /** All that the owner's producer id has open in these partitions; nothing before it has one. */
    static Decision abortOfAllThatIsOpen(Owner owner, Collection<Partition> partitions) {
        Decision decided = new Decision(ControlType.ABORT, owner.epoch());
        if (owner.identity() == null) {
            return decided;
        }
        for (Partition partition : partitions) {
            ProducerState state = partition.producer(owner.identity().producerId());
            if (state != null) {
                decided.add(partition.openWriter(state));
            }
        }
        return decided;
    }

    /** The part of a transaction that lies in one partition. */
    private static final class Branch {
        private static final long UNMARKED = -1;

        /** There is nothing to mark any more. */
        private static final long SETTLED = 0;

        private final PartitionWriter writer;
        private final long firstOffset;
        /** The end of what the producer has written here. */
        private final long dataEnd;
        private long markerTicket = UNMARKED;

        Branch(PartitionWriter writer, long firstOffset, long dataEnd) {
            this.writer = writer;
            this.firstOffset = firstOffset;
            this.dataEnd = dataEnd;
        }

        Partition partition() {
            return writer.partition();
        }

        /** Whether a marker that was written is in place: no crash of this process takes it away. */
        boolean isMarked() {
            return markerTicket == SETTLED || partition().log().frontierOffset() >= markerTicket;
        }

        /** Whether the marker survives what the journal promises. */
        boolean isSafelyMarked(Durability level) {
            return markerTicket == SETTLED || partition().safeOffset(level) >= markerTicket;
        }
    }

    private record OfflineBranch(PartitionId partition, UUID topicId) {
    }

    /** A decision that recovery read: branches of deleted topics are left out, there is nothing to mark. */
    static Decision recovered(ControlType outcome, long producerId, short epoch, List<TransactionTopic> topics,
            long[] firstOffsets, PartitionLookup partitions) {
        Decision decision = new Decision(outcome, epoch);
        decision.ticket = 0;
        int index = 0;
        for (TransactionTopic topic : topics) {
            for (int number : topic.partitions()) {
                PartitionId id = new PartitionId(topic.topic(), number);
                Partition partition = partitions.find(id);
                if (partitions.isOffline(id, topic.id())) {
                    decision.offline.add(new OfflineBranch(id, topic.id()));
                }
                if (partition != null && partition.topicId().equals(topic.id())) {
                    decision.recover(partition, partition.producer(producerId), firstOffsets[index]);
                }
                index++;
            }
        }
        return decision;
    }

    /** A commit waits until its data is acknowledged, so data that is missing was taken from the directory since. */
    private void recover(Partition partition, ProducerState state, long firstOffset) {
        if (outcome == ControlType.COMMIT && partition.readableOffset() <= firstOffset) {
            lostBranches++;
            LOGGER.error(
                    "part of a committed transaction is lost: {} ends at {}, and the transaction began at {} there; "
                            + "what it wrote to other partitions is committed", partition.id(), partition
                                    .readableOffset(),
                    firstOffset);
        }
        if (state != null) {
            branches.add(new Branch(partition.openWriter(state), firstOffset, state.recordedOffset()));
        }
    }

    /** The same branches, decided now. */
    Decision decided(ControlType itsOutcome, short itsMarkerEpoch) {
        Decision decided = new Decision(itsOutcome, itsMarkerEpoch);
        decided.branches.addAll(branches);
        decided.offline.addAll(offline);
        return decided;
    }

    /** Whether branches that recovery found out of service are so still; they are not among {@link #topics()}. */
    boolean isPartlyOffline(PartitionLookup partitions) {
        forgetDeleted(partitions);
        return !offline.isEmpty();
    }

    /** Of a topic that is deleted there is nothing to mark any more. */
    private void forgetDeleted(PartitionLookup partitions) {
        offline.removeIf(branch -> !partitions.isOffline(branch.partition(), branch.topicId()));
    }

    /** Whether what begins there is one of the branches. */
    boolean holds(Partition partition, long firstOffset) {
        return branches.stream().anyMatch(branch -> branch.partition() == partition
                && branch.firstOffset == firstOffset);
    }

    /** Branches of a recovered commit whose data the directory no longer holds. */
    int lostBranches() {
        return lostBranches;
    }

    ControlType outcome() {
        return outcome;
    }

    /**
     * Adds what its producer has open in one partition, if anything. Looked at under the producer's pen there: whatever
     * it claimed before is seen.
     */
    void add(PartitionWriter writer) {
        ProducerState state = writer.producer();
        state.pen().take();
        long firstOffset = state.transactionOffset();
        long dataEnd = state.recordedOffset();
        state.pen().release();
        if (firstOffset != ProducerState.NO_OFFSET) {
            branches.add(new Branch(writer, firstOffset, dataEnd));
        }
    }

    /**
     * {@code DONE} once everything that the branches hold survives what {@code level}, the journal's, says;
     * {@code UNAVAILABLE} when some of it never will.
     */
    Progress progressOfData(PartitionLookup partitions, Durability level) {
        Progress progress = Progress.DONE;
        for (Branch branch : branches) {
            Partition partition = branch.partition();
            if (partition.safeOffset(level) < branch.dataEnd && partitions.find(partition.id()) == partition) {
                if (partition.log().failure() != null) {
                    return Progress.UNAVAILABLE;
                }
                partition.wantSafe(level);
                progress = Progress.PENDING;
            }
        }
        return progress;
    }

    /**
     * {@code DONE} once every marker is as safe as the journal, so that nobody needs this decision any more: only then
     * may the journal hold a later one of the same id, or its completion.
     */
    Progress progressOfMarkers(PartitionLookup partitions, Durability level) {
        for (Branch branch : branches) {
            Partition partition = branch.partition();
            if (!branch.isSafelyMarked(level) && partitions.find(partition.id()) == partition) {
                if (partition.log().failure() != null) {
                    return Progress.UNAVAILABLE;
                }
                partition.wantSafe(level);
                return Progress.PENDING;
            }
        }
        return Progress.DONE;
    }

    /** Nothing more is added. */
    void seal() {
        if (branches.size() > 1) {
            branches.sort(BY_TOPIC);
        }
    }

    boolean isEmpty() {
        return branches.isEmpty();
    }

    long ticket() {
        return ticket;
    }

    void journaled(long newTicket) {
        ticket = newTicket;
    }

    /** The last code with which a partition refused a marker; 0 when none did. */
    long refusal() {
        return refusal;
    }

    /** Markers that this instance of the decision wrote, not counting what it found in place. */
    int markersWritten() {
        return markersWritten;
    }

    /**
     * Puts the markers in place that are missing and looks whether all stand where no crash of this process takes them
     * away; should power take them away, the decision, durable before, puts them back. A partition that takes none now
     * does not hold up the others (T8).
     */
    Progress carryOut(ControlBatches markers, PartitionLookup partitions, long nowMs) {
        boolean waits = false;
        boolean unavailable = false;
        for (Branch branch : branches) {
            long code = branch.markerTicket == Branch.UNMARKED ? mark(branch, markers, nowMs) : 0;
            if (code == 0 && branch.isMarked()) {
                continue;
            }
            Partition partition = branch.partition();
            if (partitions.find(partition.id()) != partition) {
                // A deleted topic's takes no marker, and one that it took before may never be applied (T8).
                branch.markerTicket = Branch.SETTLED;
                continue;
            }
            refusal = code < 0 ? code : refusal;
            boolean stopped = DecisionJournal.isLasting(code) || code == 0 && partition.log().failure() != null;
            unavailable |= stopped;
            waits |= !stopped;
        }
        forgetDeleted(partitions);
        awaitsOffline = !waits && !unavailable && !offline.isEmpty();
        if (waits) {
            return Progress.PENDING;
        }
        return unavailable || awaitsOffline ? Progress.UNAVAILABLE : Progress.DONE;
    }

    /** Whether all that is missing are markers of partitions that are out of service until the next opening. */
    boolean awaitsOffline() {
        return awaitsOffline;
    }

    /** The partitions of {@link #awaitsOffline()}. */
    String offlinePartitions() {
        return offline.stream().map(branch -> branch.partition().toString()).collect(Collectors.joining(", "));
    }

    /** Returns a negative code when the branch has to wait for its marker. */
    private long mark(Branch branch, ControlBatches markers, long nowMs) {
        long code = branch.writer.appendMarker(markers, outcome, markerEpoch, branch.firstOffset, nowMs);
        if (code == Refusal.NOTHING_TO_END) {
            // Recovery found the marker; what a killed process left in the page cache may not be on the medium yet
            // (T1).
            branch.markerTicket = Math.max(Branch.SETTLED, branch.writer.producer().recordedOffset());
            return 0;
        }
        if (code < 0) {
            return code;
        }
        branch.markerTicket = code + 1;
        branch.partition().wantAcknowledgement();
        markersWritten++;
        return 0;
    }

    /** The branches as the journal writes them: grouped by topic. {@link #firstOffsets} has the same order. */
    List<TransactionTopic> topics() {
        if (branches.size() == 1) {
            return List.of(topicOf(0, 1));
        }
        List<TransactionTopic> topics = new ArrayList<>(branches.size());
        int begin = 0;
        while (begin < branches.size()) {
            UUID topicId = branches.get(begin).partition().topicId();
            int end = begin + 1;
            while (end < branches.size() && branches.get(end).partition().topicId().equals(topicId)) {
                end++;
            }
            topics.add(topicOf(begin, end));
            begin = end;
        }
        return topics;
    }

    /** The branches from {@code begin} to {@code end}, all of one topic. */
    private TransactionTopic topicOf(int begin, int end) {
        int[] numbers = new int[end - begin];
        for (int index = begin; index < end; index++) {
            numbers[index - begin] = branches.get(index).partition().id().partition();
        }
        Partition first = branches.get(begin).partition();
        return new TransactionTopic(first.id().topic(), numbers, first.topicId());
    }

    long[] firstOffsets() {
        long[] offsets = new long[branches.size()];
        for (int index = 0; index < offsets.length; index++) {
            offsets[index] = branches.get(index).firstOffset;
        }
        return offsets;
    }
}
