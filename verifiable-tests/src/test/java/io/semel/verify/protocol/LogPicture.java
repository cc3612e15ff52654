package io.semel.verify.protocol;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongFunction;

import io.semel.log.LogReader;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionId;
import io.semel.transactions.partition.PartitionReader;
import io.semel.transactions.records.TransactionLogKey;
import io.semel.transactions.records.TransactionLogValue;

/**
 * Draws logs in one line, from their raw batches and from what readers are shown. Stateless; {@link Script} explains
 * it.
 */
final class LogPicture {
    static final PartitionId JOURNAL = new PartitionId(Broker.TRANSACTIONS_TOPIC, 0);

    private static final String STABLE = "|";
    private static final String FORCED = "^";
    private static final String HIDDEN = "~";
    /** No log has one unless something is broken: a committed reader was shown a record past the last stable offset. */
    private static final String SHOWN_TOO_EARLY = "!";

    private LogPicture() {
    }

    /** @param names a producer id's name in markers */
    static String of(Partition partition, LongFunction<String> names, boolean withForced) {
        Set<Long> committed = offsets(partition);
        long stable = partition.stableOffset();
        long forced = withForced ? partition.log().durableOffset() : -1;
        List<String> words = new ArrayList<>();
        if (partition.startOffset() > 0) {
            words.add(".." + partition.startOffset());
        }
        long end = partition.startOffset();
        for (Batch batch : batches(partition)) {
            for (long offset = Math.max(batch.base(), end); offset < batch.end(); offset++) {
                mark(words, offset, stable, forced);
                if (batch.isMarker()) {
                    words.add(batch.marker().name().toLowerCase(Locale.ROOT) + '(' + names.apply(batch.producerId())
                            + '@' + batch.epoch() + ')');
                } else {
                    boolean isShown = committed.contains(offset);
                    String text = batch.texts().get((int) (offset - batch.base()));
                    words.add(isShown == offset < stable ? text : (isShown ? SHOWN_TOO_EARLY : HIDDEN) + text);
                }
            }
            end = batch.end();
        }
        mark(words, end, stable, forced);
        return String.join(" ", words);
    }

    private static void mark(List<String> words, long offset, long stable, long forced) {
        if (offset == stable) {
            words.add(STABLE);
        }
        if (offset == forced) {
            words.add(FORCED);
        }
    }

    private static List<Batch> batches(Partition partition) {
        List<Batch> batches = new ArrayList<>();
        RecordCursor cursor = new RecordCursor();
        try (LogReader reader = partition.log().openReader()) {
            while (reader.next(partition.log().frontierPosition())) {
                batches.add(Batch.of(reader.batch(), false, cursor));
            }
        }
        return batches;
    }

    private static Set<Long> offsets(Partition partition) {
        Set<Long> offsets = new HashSet<>();
        try (PartitionReader reader = partition.openReader(partition.startOffset(), Isolation.READ_COMMITTED)) {
            while (reader.next()) {
                for (long offset = reader.batch().baseOffset(); offset < reader.batch().nextOffset(); offset++) {
                    offsets.add(offset);
                }
            }
        }
        return offsets;
    }

    /** What a reader is handed, from the start on. */
    static List<String> values(Partition partition, Isolation isolation) {
        List<String> values = new ArrayList<>();
        RecordCursor cursor = new RecordCursor();
        try (PartitionReader reader = partition.openReader(partition.startOffset(), isolation)) {
            while (reader.next()) {
                values.addAll(Batch.of(reader.batch(), false, cursor).texts());
            }
        }
        return values;
    }

    /** {@code __transaction_state}: transactional id, epoch and status of each record. */
    static String ofJournal(Partition journal) {
        List<String> words = new ArrayList<>();
        RecordCursor cursor = new RecordCursor();
        try (LogReader reader = journal.log().openReader()) {
            while (reader.next(journal.log().frontierPosition())) {
                RecordBatchView batch = reader.batch();
                cursor.wrap(batch);
                while (cursor.next()) {
                    TransactionLogValue value = TransactionLogValue.decode(cursor.valueSlice());
                    words.add(TransactionLogKey.decode(cursor.keySlice()).transactionalId() + '@' + value.identity()
                            .producerEpoch() + ':' + value.status());
                }
            }
        }
        return String.join(" ", words);
    }
}
