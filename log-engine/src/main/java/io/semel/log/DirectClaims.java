package io.semel.log;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The direct claims that are open in one log. Each holds back the frontier until its owner ends it: nobody else may, since
 * the owner may be writing. So there are few, and the oldest can be asked for.
 *
 * <p>Thread rule: any thread.
 */
final class DirectClaims {
    /** As many as there could be threads that write in place at once; more are rather forgotten claims. */
    static final int MAX_OPEN = 64;

    private final AtomicReferenceArray<DirectClaim> open = new AtomicReferenceArray<>(MAX_OPEN);

    /** Takes a place; false when all are taken. */
    boolean tryEnter(DirectClaim claim) {
        for (int index = 0; index < MAX_OPEN; index++) {
            if (open.get(index) == null && open.compareAndSet(index, null, claim)) {
                return true;
            }
        }
        return false;
    }

    void leave(DirectClaim claim) {
        for (int index = 0; index < MAX_OPEN; index++) {
            if (open.get(index) == claim) {
                open.set(index, null);
                return;
            }
        }
    }

    /** The end of the open claim that begins at {@code position}, log-absolute, or -1. */
    long endOfClaimAt(long position) {
        for (int index = 0; index < MAX_OPEN; index++) {
            DirectClaim claim = open.get(index);
            long end = claim == null ? -1 : claim.endIfOpenAt(position);
            if (end >= 0) {
                return end;
            }
        }
        return -1;
    }

    /** The open claim that is oldest by its time stamp; null when none is open. */
    DirectClaim oldest() {
        DirectClaim oldest = null;
        for (int index = 0; index < MAX_OPEN; index++) {
            DirectClaim claim = open.get(index);
            if (claim != null && claim.isOpen() && (oldest == null || claim.openedMs() < oldest.openedMs())) {
                oldest = claim;
            }
        }
        return oldest;
    }
}
