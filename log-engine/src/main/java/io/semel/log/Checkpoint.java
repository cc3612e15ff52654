package io.semel.log;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

import io.semel.log.batch.Crc32c;
import io.semel.log.memory.Disk;

/**
 * A log summed up at one offset: what a fold made of all before it, and the indexes of the segment in which it stands.
 * Opening the log goes on from here. Immutable.
 *
 * <p>On disk, big-endian:
 *
 * <pre>
 *  0       4         8                 16             24       32                    40
 *  | magic | version | sequence number | start offset | offset | segment base offset | position in segment
 *  44             48              56                      60     76             80            84
 *  | leader epoch | max timestamp | offset of the maximum | boot | index length | time length | snapshot length
 *  88                     ...          ...             end - 4
 *  | offset index entries | time index | fold's snapshot | CRC32C of all before
 * </pre>
 *
 * <p>The snapshot's length is {@value #NO_SNAPSHOT} when the fold can't be written down.
 *
 * @param sequenceNumber    the larger of several is the newer checkpoint
 * @param startOffset       where the log began; a log that begins later lost its head
 * @param offset            the frontier's offset: everything below it was forced before this was written, or at least written
 * @param segmentBaseOffset the segment in which the frontier stood
 * @param position          where the next batch begins, relative to that segment
 * @param index             that segment's indexes up to there
 * @param boot              {@link #FORCED}, or the {@link Disk#boot} in which alone it is true: the segment in which the
 *                          frontier stood was not forced then, only those before it were
 */
record Checkpoint(long sequenceNumber, long startOffset, long offset, long segmentBaseOffset, int position,
        int leaderEpoch, SegmentIndex.Image index, UUID boot, Optional<ByteBuffer> snapshot) {
    /** True for ever: all that it sums up is on the medium. */
    static final UUID FORCED = new UUID(0, 0);

    private static final int MAGIC = 0x53454D43;
    private static final int VERSION = 2;
    private static final int NO_SNAPSHOT = -1;
    private static final int HEADER_LENGTH = 88;

    boolean isForced() {
        return boot.equals(FORCED);
    }

    ByteBuffer encode() {
        ByteBuffer offsets = index.offsets();
        ByteBuffer times = index.times();
        int snapshotLength = snapshot.map(ByteBuffer::remaining).orElse(NO_SNAPSHOT);
        ByteBuffer encoded = ByteBuffer.allocate(HEADER_LENGTH + offsets.remaining() + times.remaining()
                + Math.max(0, snapshotLength) + Integer.BYTES);
        encoded.putInt(MAGIC).putInt(VERSION).putLong(sequenceNumber).putLong(startOffset).putLong(offset);
        encoded.putLong(segmentBaseOffset).putInt(position).putInt(leaderEpoch);
        encoded.putLong(index.maxTimestamp()).putInt(index.offsetOfMaxTimestamp());
        encoded.putLong(boot.getMostSignificantBits()).putLong(boot.getLeastSignificantBits());
        encoded.putInt(offsets.remaining()).putInt(times.remaining()).putInt(snapshotLength);
        encoded.put(offsets.duplicate()).put(times.duplicate());
        snapshot.ifPresent(bytes -> encoded.put(bytes.duplicate()));
        encoded.putInt(Crc32c.compute(encoded, 0, encoded.position()));
        return encoded.flip();
    }

    /**
     * Reads a checkpoint; empty when it is damaged in any byte.
     *
     * @throws CorruptLogException when it is whole but of an unknown version
     */
    static Optional<Checkpoint> decode(ByteBuffer source, Path file) throws CorruptLogException {
        int crcPosition = source.limit() - Integer.BYTES;
        if (crcPosition < 2 * Integer.BYTES || source.getInt(0) != MAGIC
                || source.getInt(crcPosition) != Crc32c.compute(source, 0, crcPosition)) {
            return Optional.empty();
        }
        int version = source.getInt(Integer.BYTES);
        if (version != VERSION) {
            throw new CorruptLogException("checkpoint of version " + version + ", known is " + VERSION + ": " + file
                    + "; open the directory with the version of Semel that wrote it, or a newer one");
        }
        source.position(2 * Integer.BYTES);
        return Optional.of(read(source));
    }

    /** What the CRC covers was written by {@link #encode}, so the lengths in it are right. */
    private static Checkpoint read(ByteBuffer source) {
        long sequenceNumber = source.getLong();
        long startOffset = source.getLong();
        long offset = source.getLong();
        long segmentBaseOffset = source.getLong();
        int position = source.getInt();
        int leaderEpoch = source.getInt();
        long maxTimestamp = source.getLong();
        int offsetOfMaxTimestamp = source.getInt();
        UUID boot = new UUID(source.getLong(), source.getLong());
        int offsetsLength = source.getInt();
        int timesLength = source.getInt();
        int snapshotLength = source.getInt();
        SegmentIndex.Image index = new SegmentIndex.Image(next(source, offsetsLength), next(source, timesLength),
                maxTimestamp, offsetOfMaxTimestamp);
        Optional<ByteBuffer> snapshot = snapshotLength == NO_SNAPSHOT ? Optional.empty()
                : Optional.of(next(source, snapshotLength));
        return new Checkpoint(sequenceNumber, startOffset, offset, segmentBaseOffset, position, leaderEpoch, index,
                boot, snapshot);
    }

    /** What the fixed fields of a damaged checkpoint say, for whoever looks into what is left of it; not to be used. */
    static Optional<Checkpoint> fixedFields(ByteBuffer damaged) {
        if (damaged.remaining() < HEADER_LENGTH) {
            return Optional.empty();
        }
        ByteBuffer alone = ByteBuffer.allocate(HEADER_LENGTH).put(damaged.slice(0, HEADER_LENGTH)).flip();
        alone.putInt(HEADER_LENGTH - 3 * Integer.BYTES, 0).putInt(HEADER_LENGTH - 2 * Integer.BYTES, 0);
        alone.putInt(HEADER_LENGTH - Integer.BYTES, NO_SNAPSHOT);
        return Optional.of(read(alone.position(2 * Integer.BYTES)));
    }

    private static ByteBuffer next(ByteBuffer source, int length) {
        ByteBuffer part = source.slice(source.position(), length);
        source.position(source.position() + length);
        return part;
    }
}
