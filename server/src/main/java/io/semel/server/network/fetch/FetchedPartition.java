package io.semel.server.network.fetch;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionSpan;
import io.semel.transactions.partition.PartitionSpan.AbortedTransaction;
import io.semel.wire.protocol.Errors;

/**
 * What was found in one partition: its marks, and a span of the mapped log.
 *
 * <p>Thread rule: one event loop. The span's lease is passed on with {@link #takeBytes()}, or given back by
 * {@link #release()}.
 */
final class FetchedPartition {
    private static final long UNKNOWN_OFFSET = -1;

    private final WantedPartition wanted;
    private final Errors error;
    /** Null when there is an error. */
    private final Partition partition;
    private final Isolation isolation;
    private final PartitionSpan span;
    private final long highWatermark;
    private final long stableOffset;
    private final long startOffset;
    private boolean hasBytes;

    private FetchedPartition(WantedPartition wanted, Errors error) {
        this.wanted = wanted;
        this.error = error;
        this.partition = null;
        this.isolation = Isolation.READ_UNCOMMITTED;
        this.span = null;
        this.highWatermark = UNKNOWN_OFFSET;
        this.stableOffset = UNKNOWN_OFFSET;
        this.startOffset = UNKNOWN_OFFSET;
    }

    private FetchedPartition(WantedPartition wanted, Partition partition, Isolation isolation, PartitionSpan span,
            long startOffset) {
        this.wanted = wanted;
        this.error = Errors.NONE;
        this.partition = partition;
        this.isolation = isolation;
        this.span = span;
        this.startOffset = startOffset;
        // Marks may lag behind the positions that bound the span, and no client is shown more than they say.
        long shown = span.isEmpty() ? 0 : span.nextOffset();
        boolean isCommitted = isolation == Isolation.READ_COMMITTED;
        long stable = partition.stableOffset();
        this.stableOffset = isCommitted ? Math.max(stable, shown) : stable;
        this.highWatermark = Math.max(partition.readableOffset(), Math.max(stableOffset, shown));
        this.hasBytes = !span.isEmpty();
    }

    static FetchedPartition refused(WantedPartition wanted, Errors error) {
        return new FetchedPartition(wanted, error);
    }

    static FetchedPartition found(WantedPartition wanted, Partition partition, Isolation isolation, PartitionSpan span,
            long startOffset) {
        return new FetchedPartition(wanted, partition, isolation, span, startOffset);
    }

    WantedPartition wanted() {
        return wanted;
    }

    Errors error() {
        return error;
    }

    boolean isSound() {
        return error == Errors.NONE;
    }

    /** Null unless it is sound. */
    Partition partition() {
        return partition;
    }

    long highWatermark() {
        return highWatermark;
    }

    long stableOffset() {
        return stableOffset;
    }

    long startOffset() {
        return startOffset;
    }

    /** Whether the answer has a list of aborted transactions, if only an empty one (row 14). */
    boolean hasAbortedList() {
        return isolation == Isolation.READ_COMMITTED;
    }

    List<AbortedTransaction> aborted() {
        return span == null ? List.of() : span.aborted();
    }

    int lengthBytes() {
        return span == null ? 0 : span.lengthBytes();
    }

    /** Whether there is more than was taken, so that nobody need wait for it. */
    boolean hasRest() {
        return span != null && span.rest() == PartitionSpan.Rest.SOMETHING;
    }

    /** What could be read by now from where this began. */
    long readableBytes() {
        return partition.bytesFrom(span.logPosition(), isolation);
    }

    /** The mapped bytes, with the lease: who releases them gives it back. */
    ByteBuf takeBytes() {
        ByteBuf bytes = new MappedBytes(span);
        hasBytes = false;
        return bytes;
    }

    /** Gives back what nobody took. */
    void release() {
        if (hasBytes) {
            hasBytes = false;
            span.release();
        }
    }
}
