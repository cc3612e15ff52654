package io.semel.verify.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongConsumer;

import io.semel.log.LogReader;
import io.semel.log.batch.RecordCursor;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionId;
import io.semel.transactions.partition.PartitionReader;

/**
 * What one partition must hold: what was accepted, in order, and markers that somebody asked for. Each batch is
 * compared as it becomes visible at the frontier, so that nothing stands there that nobody was told of.
 *
 * <p>Thread rule: one thread.
 */
final class PartitionAudit {
    /** Told by the producers' promise, and not by the code. */
    private static final int BATCHES_REMEMBERED = 5;

    /** What the verdict is when a batch is the next one. */
    static final long ADMIT = -100;
    static final long GAP = -101;
    static final long FORGOTTEN = -102;

    private record Entry(Batch batch, Txn txn) {
    }

    /** A transaction without its marker, and where it begins. */
    private record Open(Txn txn, long from) {
    }

    private final PartitionId id;
    private final UUID topicId;
    private final RecordCursor cursor = new RecordCursor();
    private List<Entry> entries = new ArrayList<>();
    private final Map<Long, Open> open = new LinkedHashMap<>();
    private long start;
    private long end;
    private long acknowledged;
    private long stable;
    private long readable;
    /** Sent, and not seen yet. */
    private Entry due;

    /** @param topicId of the topic that has the name now; null for none yet */
    PartitionAudit(PartitionId id, UUID topicId) {
        this.id = id;
        this.topicId = topicId;
    }

    boolean isOf(UUID topic) {
        return topic.equals(topicId);
    }

    /** Its topic was deleted: what was open in it has ended there. */
    void dissolve() {
        open.values().forEach(each -> each.txn().branches().remove(this));
    }

    PartitionId id() {
        return id;
    }

    boolean isOffsets() {
        return id.equals(World.OFFSETS);
    }

    /** The offset of the next batch. */
    long end() {
        return end;
    }

    /** A batch is on its way: it may be found after a crash within the call. */
    void send(Batch batch, Txn txn) {
        due = new Entry(batch, txn);
    }

    /** It was refused, or was there already. */
    void takeBack() {
        due = null;
    }

    /** It was answered with this offset, and must be seen there. */
    void accepted(long offset) {
        due = new Entry(due.batch().at(offset), due.txn());
    }

    boolean isOpen(Txn txn) {
        return open.values().stream().anyMatch(each -> each.txn() == txn);
    }

    // ---- what is seen

    /** Takes in what the frontier has passed, and looks whether all marks are where they must be. */
    void observe(Partition partition) {
        if (partition.log().frontierOffset() > end) {
            try (LogReader reader = partition.log().openReader()) {
                reader.seek(end);
                while (reader.next(partition.log().frontierPosition())) {
                    take(Batch.of(reader.batch(), isOffsets(), cursor));
                }
            }
        }
        Auditor.require(due == null, "L1", () -> "answered and not in " + id + ": " + due);
        acknowledged = Math.max(acknowledged, partition.acknowledgedOffset());
        checkMarks(partition);
    }

    private void take(Batch seen) {
        Auditor.require(seen.base() == end, "L2", () -> id + " goes on at " + seen.base() + " behind " + end);
        if (seen.isMarker()) {
            takeMarker(seen);
        } else if (due != null && isDue(seen)) {
            enter(new Entry(seen, due.txn()));
            due = null;
        } else {
            Auditor.require(seen.texts().get(0).startsWith(Batch.GENERATION), "I1", () -> "nobody was told of " + seen
                    + " in " + id + ", due is " + due);
            enter(new Entry(seen, null));
        }
        end = seen.end();
    }

    private boolean isDue(Batch seen) {
        Batch wanted = due.batch();
        return seen.equals(wanted.base() == Batch.UNKNOWN ? wanted.at(seen.base()) : wanted);
    }

    private void enter(Entry entry) {
        entries.add(entry);
        if (entry.txn() != null) {
            open.putIfAbsent(entry.batch().producerId(), new Open(entry.txn(), entry.batch().base()));
            entry.txn().branches().add(this);
        }
    }

    /** T7: a marker ends the transaction that is open; there is one, and its end was asked for. */
    private void takeMarker(Batch marker) {
        Open ended = open.remove(marker.producerId());
        Auditor.require(ended != null, "T7", () -> id + " has " + marker + " and nothing was open");
        Auditor.require(marker.epoch() >= ended.txn().owner().epoch(), "T6", () -> marker + " ends " + ended.txn());
        ended.txn().end(marker.marker() == Batch.Content.COMMIT ? Txn.Fate.COMMITTED : Txn.Fate.ABORTED, id.toString());
        entries.add(new Entry(marker, null));
    }

    private void checkMarks(Partition partition) {
        long nowReadable = partition.readableOffset();
        long nowStable = partition.stableOffset();
        Auditor.require(nowReadable <= end && nowReadable >= readable, "L6", () -> id + " readable up to " + nowReadable
                + ", was " + readable + ", written " + end);
        long expected = Math.min(nowReadable, firstOpen());
        Auditor.require(nowStable == expected, "T9", () -> id + " is stable up to " + nowStable + " and must be to "
                + expected);
        if (nowReadable != readable || nowStable != stable) {
            readable = nowReadable;
            stable = nowStable;
            checkReaders(partition, start);
        }
    }

    private long firstOpen() {
        return open.values().stream().mapToLong(Open::from).min().orElse(Long.MAX_VALUE);
    }

    /** T2, T5, T9: readers of either isolation see what a brute-force filter leaves, from any offset on. */
    void checkReaders(Partition partition, long from) {
        require(partition, from, Isolation.READ_UNCOMMITTED, readable, false);
        require(partition, from, Isolation.READ_COMMITTED, stable, true);
    }

    private void require(Partition partition, long from, Isolation isolation, long bound, boolean filtered) {
        List<Batch> expected = new ArrayList<>();
        for (Entry entry : entries) {
            Batch batch = entry.batch();
            boolean isShown = !batch.isMarker() && batch.end() > Math.max(from, start) && batch.end() <= bound;
            boolean isHidden = filtered && entry.txn() != null && entry.txn().fate() != Txn.Fate.COMMITTED;
            if (isShown && !isHidden) {
                expected.add(batch);
            }
        }
        List<Batch> shown = new ArrayList<>();
        try (PartitionReader reader = partition.openReader(Math.max(from, start), isolation)) {
            while (reader.next()) {
                shown.add(Batch.of(reader.batch(), isOffsets(), cursor));
            }
        }
        Auditor.require(shown.equals(expected), filtered ? "T1" : "T5", () -> id + " from " + from + " shows "
                + isolation
                + " " + difference(shown, expected));
    }

    private static String difference(List<Batch> shown, List<Batch> expected) {
        int at = 0;
        while (at < Math.min(shown.size(), expected.size()) && shown.get(at).equals(expected.get(at))) {
            at++;
        }
        return "batch " + at + ": " + (at < shown.size() ? shown.get(at) : "none") + ", must be " + (at < expected
                .size() ? expected.get(at) : "none");
    }

    // ---- after a crash

    /** L1: nothing below may be missing when the directory is opened again. */
    void acknowledged(long offset) {
        acknowledged = Math.max(acknowledged, offset);
    }

    /**
     * The directory was opened again: what is there is what was accepted, whole up to what was acknowledged, and then
     * what the opening wrote. Returns the transactions that lost something.
     *
     * @param lostOf is told the producer id of each batch that is gone
     */
    List<Txn> reconcile(Partition partition, LongConsumer lostOf) {
        List<Batch> found = read(partition);
        Auditor.require(partition.startOffset() >= start, "L6", () -> id + " began at " + start + " and begins at "
                + partition
                        .startOffset());
        start = partition.startOffset();
        int kept = 0;
        while (kept < entries.size() && entries.get(kept).batch().base() < start) {
            kept++;
        }
        int matched = 0;
        while (kept < entries.size() && matched < found.size() && entries.get(kept).batch().equals(found.get(
                matched))) {
            kept++;
            matched++;
        }
        List<Entry> lost = entries.subList(kept, entries.size());
        Auditor.require(lost.isEmpty() || lost.get(0).batch().base() >= acknowledged, "L1",
                () -> "acknowledged, and not in "
                        + id + " any more: " + lost);
        List<Txn> losers = lost.stream().map(Entry::txn).filter(txn -> txn != null).distinct().toList();
        lost.forEach(entry -> lostOf.accept(entry.batch().producerId()));
        keep(kept);
        for (Batch batch : found.subList(matched, found.size())) {
            take(batch);
        }
        if (due != null) {
            lostOf.accept(due.batch().producerId());
        }
        Auditor.require(end >= acknowledged, "L1", () -> id + " was acknowledged up to " + acknowledged
                + " and ends at "
                + end);
        due = null;
        readable = 0;
        stable = 0;
        Auditor.require(open.isEmpty(), "T8", () -> id + " was opened and these are open still: " + open.values());
        return losers;
    }

    private List<Batch> read(Partition partition) {
        List<Batch> found = new ArrayList<>();
        try (LogReader reader = partition.log().openReader()) {
            reader.seek(partition.startOffset());
            while (reader.next(partition.log().frontierPosition())) {
                found.add(Batch.of(reader.batch(), isOffsets(), cursor));
            }
        }
        return found;
    }

    /** Takes the first entries in again. */
    private void keep(int count) {
        List<Entry> before = entries;
        entries = new ArrayList<>();
        open.clear();
        end = count == 0 ? start : before.get(count - 1).batch().end();
        for (Entry entry : before.subList(0, count)) {
            if (entry.batch().isMarker()) {
                open.remove(entry.batch().producerId());
                entries.add(entry);
            } else {
                enter(entry);
            }
        }
    }

    /** Records below were deleted. */
    void startAt(long offset) {
        start = offset;
    }

    long start() {
        return start;
    }

    long stable() {
        return stable;
    }

    // ---- producers

    /**
     * I1 to I3: what becomes of a batch of an instance that is current. The original's offset if it is one of the last
     * five.
     */
    long judge(Client client, int sequence, int count) {
        List<Batch> own = entries.stream().map(Entry::batch).filter(batch -> !batch.isMarker() && batch.sequence() >= 0
                && batch.producerId() == client.producerId() && batch.epoch() == client.epoch()).toList();
        if (own.isEmpty()) {
            return sequence == 0 ? ADMIT : GAP;
        }
        if (sequence == (own.get(own.size() - 1).lastSequence() + 1 & Integer.MAX_VALUE)) {
            return ADMIT;
        }
        List<Batch> last = own.subList(Math.max(0, own.size() - BATCHES_REMEMBERED), own.size());
        for (Batch batch : last) {
            if (batch.sequence() == sequence && batch.texts().size() == count) {
                return batch.base();
            }
        }
        int distance = last.get(0).sequence() - (sequence + count - 1) & Integer.MAX_VALUE;
        boolean isBefore = distance > 0 && distance < 1 << 30;
        return last.size() == BATCHES_REMEMBERED && isBefore ? FORGOTTEN : GAP;
    }

    boolean holds(long producerId) {
        return entries.stream().anyMatch(entry -> entry.batch().producerId() == producerId);
    }

    // ---- offsets

    /** G1: of what was committed for a key the last one in the log holds; -1 for none. */
    long committed(String key) {
        long offset = -1;
        for (Entry entry : entries) {
            boolean counts = entry.txn() == null || entry.txn().fate() == Txn.Fate.COMMITTED && !isOpen(entry.txn());
            for (String text : entry.batch().texts()) {
                if (counts && text.startsWith(key)) {
                    offset = Long.parseLong(text.substring(key.length()));
                }
            }
        }
        return offset;
    }

    boolean isPending(String key) {
        return entries.stream().anyMatch(entry -> entry.txn() != null && isOpen(entry.txn()) && entry.batch().texts()
                .stream().anyMatch(text -> text.startsWith(key)));
    }
}
