package io.semel.server.inspect;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;

import io.semel.idempotence.ProducerSnapshot;
import io.semel.transactions.partition.PartitionSnapshot;
import io.semel.transactions.partition.PartitionSnapshot.Aborted;
import io.semel.transactions.partition.PartitionSnapshot.Open;

/**
 * A snapshot beside what the log folds to. What concerns only offsets that the log holds no more can't be rebuilt, and
 * is allowed to be there. Thread rule: one thread, once.
 */
final class SnapshotComparison {
    private final History history;
    private final long forgottenBelow;
    private final PartitionSnapshot snapshot;
    private final LongPredicate mayBeForgotten;
    private final List<Difference> differences = new ArrayList<>();

    record Difference(String what, Object expected, Object actual) {
    }

    /**
     * @param forgottenBelow aborted transactions that ended below may be forgotten
     * @param mayBeForgotten producers that may be, being dead
     */
    SnapshotComparison(History history, long forgottenBelow, PartitionSnapshot snapshot,
            LongPredicate mayBeForgotten) {
        this.history = history;
        this.forgottenBelow = forgottenBelow;
        this.snapshot = snapshot;
        this.mayBeForgotten = mayBeForgotten;
    }

    List<Difference> differences() {
        producers();
        open();
        aborted();
        return differences;
    }

    private void producers() {
        Map<Long, ProducerSnapshot> written = snapshot.producers().stream().collect(Collectors.toMap(
                ProducerSnapshot::producerId, Function.identity(), (one, other) -> other));
        for (ProducerSnapshot folded : history.producers()) {
            ProducerSnapshot found = written.remove(folded.producerId());
            if (found == null ? !mayBeForgotten.test(folded.producerId()) : !agrees(folded, found)) {
                differences.add(new Difference("producer in the snapshot", folded, found == null ? "missing" : found));
            }
        }
        for (ProducerSnapshot unseen : written.values()) {
            if (unseen.endOffset() > history.wholeFrom()) {
                differences.add(new Difference("producer in the snapshot", "none in the log", unseen));
            }
        }
    }

    private boolean agrees(ProducerSnapshot folded, ProducerSnapshot found) {
        if (history.isWhole()) {
            return folded.equals(found);
        }
        int known = (int) folded.batches().stream().filter(batch -> batch.baseOffset() >= history.wholeFrom()).count();
        return folded.endOffset() < history.wholeFrom() || folded.epoch() == found.epoch()
                && folded.endOffset() == found.endOffset() && folded.lastTimestampMs() == found.lastTimestampMs()
                && found.batches().size() >= known && newest(folded, known).equals(newest(found, known));
    }

    private static List<ProducerSnapshot.Batch> newest(ProducerSnapshot producer, int count) {
        List<ProducerSnapshot.Batch> batches = producer.batches();
        return batches.subList(batches.size() - count, batches.size());
    }

    private void open() {
        List<Open> folded = history.open().entrySet().stream().map(each -> new Open(each.getKey(), each.getValue()))
                .toList();
        Set<Open> expected = since(folded, Open::firstOffset);
        Set<Open> actual = since(snapshot.open(), Open::firstOffset);
        if (!expected.equals(actual)) {
            differences.add(new Difference("open transactions in the snapshot", expected, actual));
        }
    }

    /** What the snapshot forgot it may have known still: it may be older. */
    private void aborted() {
        Set<Aborted> expected = since(history.aborted(), Aborted::firstOffset);
        Set<Aborted> actual = since(snapshot.aborted(), Aborted::firstOffset);
        expected.removeIf(range -> range.markerOffset() < forgottenBelow && !actual.contains(range));
        if (!expected.equals(actual)) {
            Set<Aborted> missing = new HashSet<>(expected);
            missing.removeAll(actual);
            actual.removeAll(expected);
            differences.add(new Difference("aborted ranges in the snapshot", "also " + missing, "instead " + actual));
        }
    }

    private <T> Set<T> since(Collection<T> all, Function<T, Long> firstOffset) {
        return all.stream().filter(each -> firstOffset.apply(each) >= history.wholeFrom()).collect(Collectors
                .toCollection(HashSet::new));
    }
}
