package io.semel.transactions.broker;

import java.util.List;

/**
 * What opening a directory had to mend.
 *
 * @param decidedTransactions transactions that were decided before the end of the last owner and are carried out now
 * @param abortedBranches     undecided transactions that were aborted, counted once per partition that they touched
 * @param lostBranches        parts of committed transactions that the directory no longer holds: somebody damaged it
 * @param waitingTransactions decided ones that wait for the marker in a partition that is offline
 * @param offline             partitions that are out of service until the directory is opened again
 */
public record RecoveryReport(int decidedTransactions, int abortedBranches, int lostBranches, int waitingTransactions,
        List<OfflinePartition> offline) {
    public RecoveryReport {
        offline = List.copyOf(offline);
    }

    RecoveryReport(int decidedTransactions, int abortedBranches, int lostBranches) {
        this(decidedTransactions, abortedBranches, lostBranches, 0, List.of());
    }
}
