package io.semel.transactions.partition;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import io.semel.idempotence.ProducerSnapshot;
import io.semel.idempotence.ProducerStates;
import io.semel.log.CorruptLogException;

/**
 * What a partition's fold wrote into a checkpoint, read for inspection. Immutable.
 *
 * @param open       transactions without a marker, the oldest first
 * @param contentLength bytes of the topic's own fold, behind the partition's
 */
public record PartitionSnapshot(List<ProducerSnapshot> producers, List<Open> open, List<Aborted> aborted,
        int contentLength) {

    public record Open(long producerId, long firstOffset) {
    }

    public record Aborted(long producerId, long firstOffset, long markerOffset) {
    }

    /** @throws CorruptLogException when it is of an unknown version, or shorter than it says */
    public static PartitionSnapshot read(ByteBuffer snapshot) throws CorruptLogException {
        ByteBuffer source = snapshot.duplicate();
        try {
            PartitionFold.requireKnown(source.getShort());
            return new PartitionSnapshot(ProducerStates.read(source), open(source), aborted(source), source
                    .remaining());
        } catch (BufferUnderflowException e) {
            throw new CorruptLogException("partition snapshot of " + snapshot.remaining()
                    + " bytes is shorter than its counts say");
        }
    }

    /** As {@link OpenTransactions#encode} writes it. */
    private static List<Open> open(ByteBuffer source) {
        List<Open> open = new ArrayList<>();
        for (int left = source.getInt(); left > 0; left--) {
            open.add(new Open(source.getLong(), source.getLong()));
        }
        return open;
    }

    /** As {@link AbortedTransactions#encode} writes it. */
    private static List<Aborted> aborted(ByteBuffer source) {
        List<Aborted> aborted = new ArrayList<>();
        for (int producersLeft = source.getInt(); producersLeft > 0; producersLeft--) {
            long producerId = source.getLong();
            for (int left = source.getInt(); left > 0; left--) {
                aborted.add(new Aborted(producerId, source.getLong(), source.getLong()));
            }
        }
        return aborted;
    }
}
