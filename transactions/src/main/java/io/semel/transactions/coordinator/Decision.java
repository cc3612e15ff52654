package io.semel.transactions.coordinator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.semel.log.batch.ControlType;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionId;
import io.semel.transactions.partition.PartitionWriter;
import io.semel.transactions.records.TransactionTopic;

/**
 * One decided transaction on its way to completion: its outcome, the partitions that it touched, and where it began in
 * each. The first offset names the transaction exactly: a later one of the same producer id and epoch begins elsewhere,
 * so carrying a decision out twice can't end the wrong one.
 *
 * <p>Thread rule: under the pen of its transactional id.
 */
final class Decision {
    static final long NOT_JOURNALED = -1;

    private final ControlType outcome;
    private final short markerEpoch;
    private final List<Branch> branches = new ArrayList<>();
    private long ticket = NOT_JOURNALED;
    private int marked;

    Decision(ControlType outcome, short markerEpoch) {
        this.outcome = outcome;
        this.markerEpoch = markerEpoch;
    }

    /** The part of a transaction that lies in one partition. */
    static final class Branch {
        final PartitionWriter writer;
        final long firstOffset;
        long markerTicket;

        Branch(PartitionWriter writer, long firstOffset) {
            this.writer = writer;
            this.firstOffset = firstOffset;
        }
    }

    ControlType outcome() {
        return outcome;
    }

    short markerEpoch() {
        return markerEpoch;
    }

    void add(PartitionWriter writer, long firstOffset) {
        branches.add(new Branch(writer, firstOffset));
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

    /** The next branch without a marker, or null when all have theirs. */
    Branch nextBranch() {
        return marked < branches.size() ? branches.get(marked) : null;
    }

    void branchMarked(long markerTicket) {
        branches.get(marked).markerTicket = markerTicket;
        marked++;
    }

    boolean markersAcknowledged() {
        for (Branch branch : branches) {
            if (branch.writer.partition().acknowledgedOffset() < branch.markerTicket) {
                return false;
            }
        }
        return true;
    }

    /** The branches as the journal writes them: grouped by topic. {@link #firstOffsets} has the same order. */
    List<TransactionTopic> topics() {
        Map<String, List<Integer>> byTopic = new LinkedHashMap<>();
        for (Branch branch : branches) {
            PartitionId id = branch.writer.partition().id();
            byTopic.computeIfAbsent(id.topic(), topic -> new ArrayList<>()).add(id.partition());
        }
        List<TransactionTopic> topics = new ArrayList<>(byTopic.size());
        byTopic.forEach((topic, partitions) -> topics
                .add(new TransactionTopic(topic, partitions.stream().mapToInt(Integer::intValue).toArray())));
        return topics;
    }

    long[] firstOffsets() {
        Map<String, List<Long>> byTopic = new LinkedHashMap<>();
        for (Branch branch : branches) {
            byTopic.computeIfAbsent(branch.writer.partition().id().topic(), topic -> new ArrayList<>())
                    .add(branch.firstOffset);
        }
        return byTopic.values().stream().flatMap(List::stream).mapToLong(Long::longValue).toArray();
    }

    /** A decision that recovery read: branches of deleted topics are left out, there is nothing to mark. */
    static Decision recovered(ControlType outcome, long producerId, short epoch, List<TransactionTopic> topics,
            long[] firstOffsets, PartitionLookup partitions) {
        Decision decision = new Decision(outcome, epoch);
        int index = 0;
        for (TransactionTopic topic : topics) {
            for (int number : topic.partitions()) {
                Partition partition = partitions.find(new PartitionId(topic.topic(), number));
                PartitionWriter writer = partition == null ? null : partition.openWriter(producerId);
                if (writer != null) {
                    decision.add(writer, firstOffsets[index]);
                }
                index++;
            }
        }
        return decision;
    }
}
