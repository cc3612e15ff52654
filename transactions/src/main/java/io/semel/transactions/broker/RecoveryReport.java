package io.semel.transactions.broker;

/**
 * What opening a directory had to mend.
 *
 * @param decidedTransactions transactions that were decided before the end of the last owner and are carried out now
 * @param abortedBranches     undecided transactions that were aborted, counted once per partition that they touched
 * @param lostBranches        parts of committed transactions that the directory no longer holds: somebody damaged it
 */
public record RecoveryReport(int decidedTransactions, int abortedBranches, int lostBranches) {
}
