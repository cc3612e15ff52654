package io.semel.server.inspect;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import io.semel.log.batch.RecordCursor;
import io.semel.transactions.partition.PartitionId;
import io.semel.transactions.records.TransactionLogKey;
import io.semel.transactions.records.TransactionLogValue;
import io.semel.transactions.records.TransactionStatus;
import io.semel.transactions.records.TransactionTopic;

/**
 * T1: what {@code __transaction_state} decided is marked in every partition that it names. Thread rule: one thread;
 * what was taken in is compared once all partitions are walked.
 */
final class DecisionJournalCheck implements RecordCheck.Journal {
    private final Map<String, Decided> latest = new LinkedHashMap<>();

    private record Decided(Path file, int position, long offset, TransactionLogValue value) {
    }

    @Override
    public void take(Path file, int position, RecordCursor record) {
        String id = TransactionLogKey.decode(record.keySlice()).transactionalId();
        if (record.valueLength() < 0) {
            latest.remove(id);
        } else {
            latest.put(id, new Decided(file, position, record.offset(), TransactionLogValue.decode(record
                    .valueSlice())));
        }
    }

    /**
     * @param topicIds of the topics that exist, by name
     * @param walked   the partitions that were looked at
     */
    void compare(Map<String, UUID> topicIds, Map<PartitionId, History> walked, Findings findings) {
        latest.forEach((id, decided) -> {
            TransactionStatus status = decided.value().status();
            boolean isDecision = status == TransactionStatus.PREPARE_COMMIT
                    || status == TransactionStatus.PREPARE_ABORT;
            if (isDecision && decided.value().topics() != null && decided.value().firstOffsets().length > 0) {
                compare(id, decided, topicIds, walked, findings);
            }
        });
    }

    private static void compare(String id, Decided decided, Map<String, UUID> topicIds,
            Map<PartitionId, History> walked, Findings findings) {
        int index = 0;
        for (TransactionTopic topic : decided.value().topics()) {
            for (int partition : topic.partitions()) {
                long firstOffset = decided.value().firstOffsets()[index++];
                History history = walked.get(new PartitionId(topic.topic(), partition));
                if (history != null && topic.id().equals(topicIds.get(topic.topic()))) {
                    compare(id, decided, topic.topic() + '-' + partition, firstOffset, history, findings);
                }
            }
        }
    }

    private static void compare(String id, Decided decided, String partition, long firstOffset, History history,
            Findings findings) {
        long producerId = decided.value().identity().producerId();
        Long open = history.open().get(producerId);
        if (open != null && open == firstOffset) {
            findings.add(decided.file(), decided.position(), decided.offset(), "decision without its marker: "
                    + "transactionalId=" + id + " producerId=" + producerId, decided.value().status() + " marked in "
                            + partition + " for the transaction from offset " + firstOffset, "still open",
                    "none needed: opening the directory writes it");
        } else
            if (decided.value().status() == TransactionStatus.PREPARE_COMMIT
                    && history.nextOffset() <= firstOffset) {
                        findings.add(decided.file(), decided.position(), decided.offset(),
                                "part of a committed transaction is "
                                        + "lost: transactionalId=" + id, partition + " up to offset " + firstOffset
                                                + " at least",
                                "its end at " + history.nextOffset(), Finding.RESTORE);
                    }
    }
}
