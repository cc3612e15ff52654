package io.semel.server.inspect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.semel.idempotence.ProducerIds;
import io.semel.idempotence.ProducerSnapshot;
import io.semel.idempotence.ProducerStates;
import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchView;
import io.semel.transactions.partition.PartitionSnapshot;

/**
 * What the walk has seen so far: the producers by the engine's own fold, transactions by brute force.
 *
 * <p>Thread rule: one thread. Memory: what the engine itself keeps of a partition.
 */
final class History {
    private final ProducerStates producers = new ProducerStates(new ProducerIds(new NoJournal(), 0));
    private final Map<Long, Long> open = new LinkedHashMap<>();
    private final List<PartitionSnapshot.Aborted> aborted = new ArrayList<>();
    private long wholeFrom;
    private long startOffset = Finding.NOWHERE;
    private long nextOffset;
    private long batches;
    private long records;
    private long bytes;
    private int segments;

    /** Nobody writes here, so no id is ever issued. */
    private static final class NoJournal implements ProducerIds.Journal {
        @Override
        public long append(long nextUnissued) {
            throw new IllegalStateException("an inspection issues no producer id");
        }

        @Override
        public boolean isAcknowledged(long ticket) {
            return false;
        }
    }

    /** A marker that ends a transaction; its type, or UNKNOWN for anything else. */
    static ControlType endOf(RecordBatchView batch) {
        if (!batch.isControl() || !batch.isTransactional()) {
            return ControlType.UNKNOWN;
        }
        ControlType type = batch.controlType();
        return type == ControlType.COMMIT || type == ControlType.ABORT ? type : ControlType.UNKNOWN;
    }

    void begin(SegmentFile segment) {
        if (segments++ == 0) {
            nextOffset = segment.baseOffset();
            wholeFrom = segment.baseOffset();
            startOffset = segment.baseOffset();
        }
    }

    void take(RecordBatchView batch) {
        batches++;
        bytes += batch.sizeInBytes();
        records += batch.isControl() ? 0 : batch.recordCount();
        nextOffset = Math.max(nextOffset, batch.nextOffset());
        producers.apply(batch);
        ControlType end = endOf(batch);
        if (end != ControlType.UNKNOWN) {
            Long began = open.remove(batch.producerId());
            if (end == ControlType.ABORT && began != null) {
                aborted.add(new PartitionSnapshot.Aborted(batch.producerId(), began, batch.baseOffset()));
            }
        } else if (batch.isTransactional() && !batch.isControl()) {
            open.putIfAbsent(batch.producerId(), batch.baseOffset());
        }
    }

    /** Something below {@code offset} is missing, by compaction or damage. */
    void missedBelow(long offset) {
        wholeFrom = offset;
        nextOffset = Math.max(nextOffset, offset);
    }

    /** From here on every batch was seen; 0 when the whole log was. */
    long wholeFrom() {
        return wholeFrom;
    }

    /** Nothing was ever missing. */
    boolean isWhole() {
        return wholeFrom == 0;
    }

    long nextOffset() {
        return nextOffset;
    }

    /** Where the first segment begins; {@link Finding#NOWHERE} without one. */
    long firstOffset() {
        return startOffset;
    }

    /** First offset by producer id, the oldest first. */
    Map<Long, Long> open() {
        return open;
    }

    long lastStableOffset() {
        return open.values().stream().mapToLong(Long::longValue).min().orElse(nextOffset);
    }

    List<PartitionSnapshot.Aborted> aborted() {
        return aborted;
    }

    List<ProducerSnapshot> producers() {
        return producers.snapshots();
    }

    Fields summary() {
        List<Fields> opened = open.entrySet().stream().map(each -> new Fields().with("producerId", each.getKey())
                .with("firstOffset", each.getValue())).toList();
        return new Fields().with("records", records).with("batches", batches).with("segments", segments)
                .with("bytes", bytes).with("start", Math.max(0, startOffset)).with("end", nextOffset)
                .with("lso", lastStableOffset()).with("openTransactions", opened);
    }
}
