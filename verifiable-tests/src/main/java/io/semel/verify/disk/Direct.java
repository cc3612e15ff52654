package io.semel.verify.disk;

import java.nio.ByteBuffer;

import io.semel.log.DirectClaim;
import io.semel.log.batch.DirectBatch;

/** A record that is being written in place, and what it or its filler must look like. Thread rule: one thread. */
final class Direct {
    private final DirectClaim claim;
    private final byte[] key;
    private final ByteBuffer value;
    private final long timestampMs;
    private int written;
    LogModel.Batch batch;

    Direct(DirectClaim claim, byte[] key, ByteBuffer value, long timestampMs) {
        this.claim = claim;
        this.key = key;
        this.value = value;
        this.timestampMs = timestampMs;
    }

    DirectClaim claim() {
        return claim;
    }

    byte[] key() {
        return key;
    }

    ByteBuffer value() {
        return value;
    }

    long timestampMs() {
        return timestampMs;
    }

    /** Writes the value up to there, if more than that is not written yet. */
    void write(int end) {
        if (end > written) {
            claim.value().put(value.slice(written, end - written));
            written = end;
        }
    }

    ByteBuffer record() {
        ByteBuffer whole = ByteBuffer.allocate((int) DirectBatch.lengthOf(key.length, value.capacity()));
        int at = DirectBatch.frame(whole, 0, key, value.capacity(), timestampMs);
        whole.put(at, value, 0, value.capacity());
        DirectBatch.seal(whole, 0);
        return whole;
    }

    ByteBuffer filler() {
        ByteBuffer whole = ByteBuffer.allocate((int) DirectBatch.lengthOf(key.length, value.capacity()));
        DirectBatch.fill(whole, 0, whole.capacity(), 1, timestampMs);
        return whole;
    }
}
