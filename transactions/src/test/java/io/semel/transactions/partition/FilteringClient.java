package io.semel.transactions.partition;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;

import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchView;
import io.semel.transactions.partition.PartitionSpan.AbortedTransaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Reads spans as Kafka's consumer reads answers to Fetch: it alone leaves out what their lists say. Thread rule: one thread. */
final class FilteringClient {
    private final Partition partition;
    private final int maxBytes;

    FilteringClient(Partition partition, int maxBytes) {
        this.partition = partition;
        this.maxBytes = maxBytes;
    }

    /** Base offsets of what is left of the data, from the batch on that holds {@code offset}. */
    List<Long> read(long offset, Isolation isolation) {
        List<Long> seen = new ArrayList<>();
        long next = read(offset, isolation, batch -> seen.add(batch.baseOffset()));
        assertTrue(next >= partition.endOffset(isolation), () -> "left unread from " + next);
        return seen;
    }

    /** Until there is nothing more for now; returns the offset to go on at. */
    long read(long offset, Isolation isolation, Consumer<RecordBatchView> left) {
        long position = offset;
        while (true) {
            PartitionSpan span = partition.span(position, maxBytes, PartitionSpan.Least.ONE_BATCH, isolation);
            if (span.isEmpty()) {
                return position;
            }
            try {
                filter(span, position, isolation, left);
            } finally {
                span.release();
            }
            position = span.nextOffset();
        }
    }

    private void filter(PartitionSpan span, long from, Isolation isolation, Consumer<RecordBatchView> left) {
        PriorityQueue<AbortedTransaction> listed = new PriorityQueue<>(Comparator.comparingLong(
                AbortedTransaction::firstOffset));
        listed.addAll(span.aborted());
        assertTrue(isolation == Isolation.READ_COMMITTED || listed.isEmpty(), "a list for who reads uncommitted");
        Set<Long> aborting = new HashSet<>();
        Set<AbortedTransaction> met = new HashSet<>();
        RecordBatchView batch = new RecordBatchView();
        int position = span.position();
        int end = position + span.lengthBytes();
        long next = from;
        while (position < end) {
            batch.wrap(span.buffer(), position);
            assertTrue(batch.isCrcValid() && batch.lastOffset() >= next, batch::toString);
            position += batch.sizeInBytes();
            next = batch.nextOffset();
            while (!listed.isEmpty() && listed.peek().firstOffset() <= batch.lastOffset()) {
                aborting.add(listed.poll().producerId());
            }
            if (batch.isControl()) {
                if (batch.hasProducerId() && batch.controlType() == ControlType.ABORT) {
                    aborting.remove(batch.producerId());
                }
            } else if (batch.isTransactional() && aborting.contains(batch.producerId())) {
                span.aborted().stream().filter(each -> each.producerId() == batch.producerId() && each
                        .firstOffset() <= batch.baseOffset()).reduce((one, later) -> later).ifPresent(met::add);
            } else {
                left.accept(batch);
            }
        }
        assertEquals(end, position);
        assertEquals(span.nextOffset(), next);
        assertEquals(Set.copyOf(span.aborted()), met, "listed, and no batch of it is here");
        assertTrue(span.lengthBytes() <= maxBytes || batch.position() == span.position(), "more than asked for");
    }
}
