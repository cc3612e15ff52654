package io.semel.server.transactions;

import java.util.List;
import java.util.stream.Collectors;

import io.semel.client.admin.StateNames;
import io.semel.server.inspect.Fields;
import io.semel.transactions.groups.StagedOffset;
import io.semel.transactions.partition.PartitionId;
import io.semel.transactions.records.TransactionLogValue;
import io.semel.transactions.records.TransactionStatus;
import io.semel.transactions.records.TransactionTopic;

/**
 * A transactional id as the files tell of it: the journal says who it is and what was decided, the partitions what is
 * open. Immutable.
 *
 * @param transactionalId empty of a producer that belongs to none
 * @param state           by Kafka's names, and {@link #HANGING}
 * @param timeoutMs       -1 where nobody says
 * @param beganMs         when the first record of what is open was made, else what the journal says; -1 for never
 * @param branches        where it is open
 * @param held            groups' offsets in it
 */
record FoundTransaction(String transactionalId, String state, long producerId, short epoch, int timeoutMs, long beganMs,
        List<OpenBranch> branches, List<StagedOffset> held) {
    static final String ONGOING = "Ongoing";
    /** As Kafka calls what is open and no coordinator knows of. */
    static final String HANGING = "Hanging";

    private static final String PREPARED = StateNames.nameOf(TransactionStatus.PREPARED);
    private static final String PREPARE_COMMIT = StateNames.nameOf(TransactionStatus.PREPARE_COMMIT);
    private static final String PREPARE_ABORT = StateNames.nameOf(TransactionStatus.PREPARE_ABORT);

    static FoundTransaction of(String id, TransactionLogValue last, List<OpenBranch> branches,
            List<StagedOffset> held) {
        long beganMs = branches.stream().mapToLong(OpenBranch::sinceMs).filter(each -> each >= 0).min()
                .orElse(last.startTimestampMs());
        return new FoundTransaction(id, stateOf(last, branches), last.identity().producerId(), last.identity()
                .producerEpoch(), last.timeoutMs(), beganMs, branches, held);
    }

    static FoundTransaction hanging(List<OpenBranch> branches, List<StagedOffset> held) {
        OpenBranch first = branches.get(0);
        return new FoundTransaction("", HANGING, first.producerId(), first.epoch(), -1, first.sinceMs(), branches,
                held);
    }

    /**
     * A decision stays in the journal until its completion is, which is later; its markers say whether it is carried
     * out.
     */
    private static String stateOf(TransactionLogValue last, List<OpenBranch> branches) {
        TransactionStatus status = last.status();
        if (status == TransactionStatus.PREPARED) {
            return PREPARED;
        }
        boolean decided = status == TransactionStatus.PREPARE_COMMIT || status == TransactionStatus.PREPARE_ABORT;
        if (decided && branches.stream().anyMatch(branch -> isDecided(last, branch))) {
            return StateNames.nameOf(status);
        }
        if (!branches.isEmpty()) {
            return ONGOING;
        }
        if (!decided) {
            return StateNames.nameOf(status);
        }
        return StateNames.nameOf(status == TransactionStatus.PREPARE_COMMIT
                ? TransactionStatus.COMPLETE_COMMIT
                : TransactionStatus.COMPLETE_ABORT);
    }

    private static boolean isDecided(TransactionLogValue decision, OpenBranch branch) {
        int index = 0;
        for (TransactionTopic topic : decision.topics()) {
            for (int partition : topic.partitions()) {
                boolean same = branch.partition().equals(new PartitionId(topic.topic(), partition));
                // Kafka's own records have no offsets: then the partition must do.
                boolean begins = index >= decision.firstOffsets().length
                        || decision.firstOffsets()[index] == branch.firstOffset();
                if (same && begins) {
                    return true;
                }
                index++;
            }
        }
        return false;
    }

    boolean isOpen() {
        return !branches.isEmpty();
    }

    /** Whether only a decision ends it. */
    boolean isPrepared() {
        return state.equals(PREPARED);
    }

    boolean isDecided() {
        return state.equals(PREPARE_COMMIT) || state.equals(PREPARE_ABORT);
    }

    boolean isCommitDecided() {
        return state.equals(PREPARE_COMMIT);
    }

    /** For a line of text: where it is open, or was. */
    String where() {
        return branches.stream().map(each -> each.partition() + " from offset " + each.firstOffset()).collect(Collectors
                .joining(", "));
    }

    /** For machines: what became of it. */
    Fields ended(String how) {
        return new Fields().with("transactionalId", transactionalId).with("producerId", producerId).with("ended", how)
                .with("partitions", branches.stream().map(each -> each.partition().toString()).toList());
    }

    /** For a table. */
    String name() {
        return transactionalId.isEmpty() ? "producer " + producerId : transactionalId;
    }
}
