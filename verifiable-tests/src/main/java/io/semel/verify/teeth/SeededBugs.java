package io.semel.verify.teeth;

import java.util.List;

import static io.semel.verify.teeth.SeededBug.planted;

/** A bug, or more than one, for every row of the failures of others that is the protocol's. Stateless. */
public final class SeededBugs {
    private static final String IDEMPOTENCE = "idempotence";
    private static final String TRANSACTIONS = "transactions";
    private static final String CLIENT = "client";

    private static final String PROTOCOL = "io.semel.verify.protocol.";
    private static final String TRANSACTION_STORY = PROTOCOL + "TransactionStoriesTest#";
    private static final String CRASH_STORY = PROTOCOL + "CrashStoriesTest#";
    private static final String PRODUCER_STORY = PROTOCOL + "ProducerStoriesTest#";
    private static final String OFFSET_STORY = PROTOCOL + "OffsetStoriesTest#";
    private static final String FENCING = "io.semel.transactions.broker.TransactionFencingTest#";

    public static final List<SeededBug> ALL = List.of(
            // Data arrives after the abort and hangs the last stable offset (KAFKA-12671)
            planted(1, IDEMPOTENCE, "ProducerState.strictly lets older epochs write",
                    "if (batchEpoch < highest || batchEpoch < epoch()) {", "if (batchEpoch < 0) {",
                    TRANSACTION_STORY + "aBatchThatIsLateAfterTheAbortNeverLands"),
            planted(1, TRANSACTIONS, "Owner.fence fences nobody",
                    "        identity.raise(epoch, because);\n", "",
                    TRANSACTION_STORY + "aBatchThatIsLateAfterTheAbortNeverLands"),

            // Stuck between decision and completion (KAFKA-9777, 16352, 19999)
            planted(2, TRANSACTIONS, "TransactionCoordinator.recover forgets what was decided",
                    "decided.add(transaction);", "lost += 0;",
                    CRASH_STORY + "crashBehindTheDecisionCommits"),
            planted(2, TRANSACTIONS, "TransactionCoordinator.sweep leaves what is decided to its owner",
                    "return transaction.drive() == Progress.DONE ? 1 : 0;", "return 0;",
                    CRASH_STORY + "aDecisionIsCarriedOutThoughItsOwnerNeverComesBack"),

            // A new transaction races the completing one (KAFKA-18575)
            planted(3, TRANSACTIONS, "TransactionSession.begin does not wait for the markers",
                    " || transaction.isDeciding()", "",
                    CRASH_STORY + "noTransactionBeginsBeforeTheLastOneHasItsMarkers"),
            planted(3, TRANSACTIONS, "PartitionWriter.appendMarker ends whatever is open",
                    "                    || producer.transactionOffset() != firstOffset) {", ") {",
                    CRASH_STORY + "aDecisionThatIsCarriedOutAgainDoesNotEndALaterTransaction"),
            planted(3, TRANSACTIONS, "Transaction.drive decides over a decision that is needed still",
                    "            if (before != Progress.DONE) {\n                return before;\n            }\n"
                            + "            long ticket = context.journal()",
                    "            long ticket = context.journal()",
                    CRASH_STORY + "noTransactionBeginsBeforeTheLastOneHasItsMarkers"),

            // An empty EndTxn, or partitions added without data, must succeed (ydb 51053)
            planted(4, TRANSACTIONS, "Decision.add takes partitions without data",
                    "        if (firstOffset != ProducerState.NO_OFFSET) {\n", "        if (writer != null) {\n",
                    TRANSACTION_STORY + "anEmptyTransactionEndsAndLeavesNothingBehind"),
            planted(4, TRANSACTIONS, "Transaction.drive refuses to end an empty transaction",
                    "                complete();\n                return Progress.DONE;\n",
                    "                return Progress.INVALID_STATE;\n",
                    TRANSACTION_STORY + "anEmptyTransactionEndsAndLeavesNothingBehind"),

            // Epoch overflow at 32767, failed fence writes bumping for ever (KAFKA-18660, 19367, 20090, 9666)
            planted(5, TRANSACTIONS, "Initialization.chooseIdentity counts epochs past the last",
                    " && transaction.owner().epoch() < Owner.LAST_EPOCH_HANDED_OUT", "",
                    PRODUCER_STORY + "behindTheLastEpochComesANewProducerId"),
            planted(5, TRANSACTIONS, "Owner.LAST_EPOCH_HANDED_OUT leaves none to fence with",
                    "LAST_EPOCH_HANDED_OUT = Short.MAX_VALUE - 1;", "LAST_EPOCH_HANDED_OUT = Short.MAX_VALUE;",
                    PRODUCER_STORY + "theLastEpochIsHandedToNobody"),
            planted(5, TRANSACTIONS, "Initialization.step raises the epoch whenever it is asked",
                    "return identity == null ? takeOver() : handOut();", "return takeOver();",
                    PRODUCER_STORY + "aTakeOverThatIsAskedForAgainRaisesTheEpochOnce"),

            // The same (id, sequence) after an abort is a new write (redpanda 5026)
            planted(6, IDEMPOTENCE, "ProducerTrail.beginEpoch remembers the batches of the epoch before",
                    "            remembered = 0;\n            newest = -1;\n            lastSequence = NO_SEQUENCE;\n",
                    "",
                    PRODUCER_STORY + "theSameSequenceAfterAnAbortIsANewWrite"),

            // Sequence errors after retention or DeleteRecords (KAFKA-5793)
            planted(7, TRANSACTIONS, "PartitionFold.encodeSnapshot forgets producers with the records",
                    "        producers.encode(sink);\n",
                    "        (startOffset > 0 ? new ProducerStates(null) : producers).encode(sink);\n",
                    PRODUCER_STORY + "sequencesGoOnAfterTheRecordsAreDeleted"),

            // A retried EndTxn and a retried marker must succeed (KAFKA-19999)
            planted(8, TRANSACTIONS, "Transaction.endAgain takes a commit once only",
                    "case COMPLETE_COMMIT -> outcome == ControlType.COMMIT ? Progress.DONE : Progress.INVALID_STATE;",
                    "case COMPLETE_COMMIT -> Progress.INVALID_STATE;",
                    TRANSACTION_STORY + "anEndThatIsAskedForAgainSucceedsAndItsOppositeDoesNot"),
            planted(8, TRANSACTIONS, "Decision.mark takes a marker that stands there for a refusal",
                    "            branch.markerTicket = Math.max(Branch.SETTLED, branch.writer.producer().recordedOffset());\n"
                            + "            return 0;\n",
                    "            return io.semel.log.Append.OFFLINE;\n",
                    CRASH_STORY + "crashBeforeTheCompletionWritesNoMarkerTwice"),

            // State changed before the append succeeded (KAFKA-6683)
            planted(9, TRANSACTIONS, "PartitionWriter.claimAndRecord records what was not claimed",
                    "        if (code >= 0) {\n            producer.recordBatch(view, code);\n        }\n",
                    "        producer.recordBatch(view, Math.max(code, 0));\n",
                    "io.semel.transactions.partition.PartitionTest#aClosedPartitionRefusesWithoutChangingTheProducer"),
            planted(9, TRANSACTIONS, "PartitionWriter.appendMarker records what was not claimed",
                    "            if (code >= 0) {\n                producer.recordMarker(epoch, code, nowMs);\n            }\n",
                    "            producer.recordMarker(epoch, Math.max(code, 0), nowMs);\n",
                    FENCING + "partitionWithoutRoomForTheMarkerKeepsTheCommitPendingAndThenGoesOn"),
            planted(9, TRANSACTIONS, "Transaction.drive takes a decision that was refused for journaled",
                    "return DecisionJournal.isLasting(ticket) ? Progress.UNAVAILABLE : Progress.PENDING;\n            }\n"
                            + "            decision.journaled",
                    "ticket = 0;\n            }\n            decision.journaled",
                    FENCING + "journalWithoutRoomKeepsTheCommitPendingAndThenGoesOn"),

            // UNKNOWN_SERVER_ERROR on Produce makes clients duplicate (KAFKA-14034)
            planted(10, CLIENT, "KafkaErrors.refused tells nobody that it was written before",
                    "return new DuplicateSequenceException(",
                    "return new org.apache.kafka.common.errors.UnknownServerException(",
                    "io.semel.client.runtime.KafkaErrorsTest#everyRefusalHasAnErrorOfItsOwn"),
            planted(10, CLIENT, "Lane.failBatch begins its sequences again",
                    "        List<PendingRecord> records = batch;\n        startNextBatch();\n"
                            + "        deliveries.fail(records, why);\n    }\n\n    /** The batch stays",
                    "        List<PendingRecord> records = batch;\n        startNextBatch();\n        nextSequence = 0;\n"
                            + "        deliveries.fail(records, why);\n    }\n\n    /** The batch stays",
                    "io.semel.client.producer.BackPressureTest#"
                            + "aDiskThatStaysFullFailsRecordsInTimeAndTheirSequencesAreUsedByTheNext"),

            // Expiry removes a staged offset; plain and transactional commits resolve differently (KAFKA-5247, 14505)
            planted(11, TRANSACTIONS, "OffsetSlot.decide lets what becomes visible last hold",
                    "if (logOffset > decidedAt) {", "if (logOffset >= 0) {",
                    OFFSET_STORY + "ofAStagedAndAPlainOffsetTheLaterInTheLogHolds"),
            planted(11, TRANSACTIONS, "OffsetSlot.isForgettable forgets what a transaction holds",
                    "return !committed.isPresent() && pendingTransactions == 0;", "return !committed.isPresent();",
                    OFFSET_STORY + "aGroupThatIsDeletedInMidTransactionStaysDeleted"),
            planted(11, TRANSACTIONS, "OffsetExpiry.expireAll takes what a transaction is about to replace",
                    "List<FetchedOffset> offsets = committed.fetchAll(groupId, Stability.REQUIRED);",
                    "List<FetchedOffset> offsets = committed.fetchAll(groupId, Stability.ANY);",
                    "io.semel.transactions.broker.OffsetExpirationTest#"
                            + "whatAPreparedTransactionHoldsOutlivesAnyTimeWhicheverWayItEnds"),

            // OffsetFetch ignores a pending transaction (KAFKA-9346)
            planted(12, TRANSACTIONS, "CommittedOffsets.fetchHeld tells nobody that it is unstable",
                    "} else if (stability == Stability.REQUIRED && slot.isPending()) {",
                    "} else if (stability == Stability.REQUIRED && groupId.isEmpty()) {",
                    OFFSET_STORY + "anOffsetIsCommittedWithItsTransactionAndUnstableUntilThen"),

            // Aborted list sent to read_uncommitted readers (redpanda 6630)
            planted(14, TRANSACTIONS, "PartitionReader.isHidden hides aborted records from everybody",
                    "return isolation == Isolation.READ_COMMITTED && batch.isTransactional()",
                    "return batch.isTransactional()",
                    TRANSACTION_STORY + "theOlderOfTwoTransactionsHoldsTheStableOffset"),

            // A transactional producer that idles for 7 days dies (spring-kafka 660)
            planted(25, TRANSACTIONS, "Transaction.isTimedOut counts the time between transactions",
                    "return status == TransactionStatus.ONGOING && beginning",
                    "return !isDeciding() && beginning",
                    TRANSACTION_STORY + "anOwnerThatIdlesForWeeksIsNeitherFencedNorForgotten"),

            // Lag that never reaches zero on transactional topics (librdkafka 2539)
            planted(26, CLIENT, "EmbeddedGroups.recordsFrom counts markers and aborted records",
                    "                    return records;\n", "                    return stable - from;\n",
                    "io.semel.client.AdminOfPlacesTest#lagReachesZeroOnATransactionalTopic"),
            planted(26, CLIENT, "PartitionFeed.nextRecord stays in front of markers",
                    "                position = Math.max(position, reader.nextOffset());\n", "",
                    "io.semel.client.consumer.ReadingTest#theLagReachesZeroBehindMarkersAndAbortedRecords"));

    private SeededBugs() {
    }
}
