package io.semel.log;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;

/** L7: in every interleaving, what is published is behind the frontier once all are done, folded once and in order. */
public class BatonInterleavings {
    private static final int BATCH_BYTES = 64;

    private final Relay relay = new Relay(16);
    private final PaddedLong claims = new PaddedLong(ClaimWord.NOTHING);

    @Operation
    public int append() {
        long word;
        do {
            word = claims.getAcquire();
        } while (!claims.compareAndSet(word, ClaimWord.plus(word, 1, BATCH_BYTES)));
        int position = ClaimWord.bytes(word);
        relay.fill(position);
        relay.publish(position, position + BATCH_BYTES);
        return position;
    }

    @Operation
    public boolean allBehindTheFrontierIsWhole() {
        long frontier = relay.frontierAcquire();
        for (int position = 0; position < frontier; position += BATCH_BYTES) {
            if (relay.content(position) != Relay.FILLED) {
                return false;
            }
        }
        return relay.folded * BATCH_BYTES >= frontier;
    }

    @Validate
    public void nobodyIsLeftBehind() {
        long claimed = ClaimWord.bytes(claims.getAcquire());
        if (relay.frontierAcquire() != claimed || relay.folded * BATCH_BYTES != claimed) {
            throw new IllegalStateException("left behind: frontier=" + relay.frontierAcquire() + " folded="
                    + relay.folded + " claimed=" + claimed);
        }
    }
}
