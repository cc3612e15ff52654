package io.semel.log;

import java.util.concurrent.atomic.AtomicInteger;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;

/** L7: in every interleaving, first claims at once make one ring, and no mark is lost with one that was replaced. */
public class MarkRingInterleavings {
    private static final int BATCH_BYTES = 64;

    private final PublicationMarks marks = new PublicationMarks(16);
    private final AtomicInteger claimed = new AtomicInteger();

    @Operation
    public void publish() {
        marks.prepare();
        int position = claimed.getAndAdd(BATCH_BYTES);
        marks.publishVolatile(position, position + BATCH_BYTES);
    }

    @Validate
    public void everyMarkStands() {
        for (int position = 0; position < claimed.get(); position += BATCH_BYTES) {
            if (marks.endAtAcquire(position) != position + BATCH_BYTES) {
                throw new IllegalStateException("a mark was lost: position=" + position + " claimed=" + claimed);
            }
        }
    }
}
