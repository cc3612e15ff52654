package io.semel.benchmarks.workload.aeron;

import org.agrona.MutableDirectBuffer;

import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.logbuffer.BufferClaim;

/**
 * Claims, fills and commits: Aeron's quickest way to publish. Waits while there is no room. Thread rule: one thread.
 */
final class IpcWriter {
    private final ExclusivePublication publication;
    private final BufferClaim claim = new BufferClaim();

    IpcWriter(ExclusivePublication publication) {
        this.publication = publication;
    }

    void write(byte[] payload) {
        while (true) {
            long position = publication.tryClaim(payload.length, claim);
            if (position > 0) {
                break;
            }
            if (position == Publication.CLOSED || position == Publication.MAX_POSITION_EXCEEDED) {
                throw new IllegalStateException("the publication takes no more: " + Publication.errorString(position));
            }
            // Whoever makes room may need this core.
            Thread.yield();
        }
        MutableDirectBuffer target = claim.buffer();
        target.putBytes(claim.offset(), payload);
        claim.commit();
    }

    long position() {
        return publication.position();
    }

    int sessionId() {
        return publication.sessionId();
    }
}
