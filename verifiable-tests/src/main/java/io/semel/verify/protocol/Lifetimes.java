package io.semel.verify.protocol;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongPredicate;

/**
 * I4: of every producer id, since when nobody has heard of it, and whether it is known to be dead. Written from the
 * promise: an id does not expire early, and what has expired stays dead, across crashes once its death is said to be on
 * the medium. Thread rule: one thread.
 */
final class Lifetimes {
    /** Longer ago than any expiration, and by so much only that nothing overflows. */
    private static final long NEVER_MS = Long.MIN_VALUE / 2;

    /** One id. */
    private static final class Lifetime {
        private long heardMs;
        /** What a restart has to go by. */
        private long writtenMs;
        private boolean dead;
    }

    private final Map<Long, Lifetime> lifetimes = new HashMap<>();

    private Lifetime of(long producerId) {
        return lifetimes.computeIfAbsent(producerId, id -> new Lifetime());
    }

    /** Something was sent in its name. */
    void heard(long producerId, long nowMs) {
        of(producerId).heardMs = Math.max(of(producerId).heardMs, nowMs);
    }

    /** Something of it, or about it, is in a log. */
    void written(long producerId, long nowMs) {
        heard(producerId, nowMs);
        of(producerId).writtenMs = nowMs;
    }

    /** A batch of it went with the power, and a restart has to go by one before it, of who knows when. */
    void lost(long producerId) {
        of(producerId).writtenMs = NEVER_MS;
        of(producerId).heardMs = NEVER_MS;
    }

    boolean mayExpire(long producerId, long nowMs, long expirationMs) {
        return isDead(producerId) || nowMs - of(producerId).heardMs >= expirationMs;
    }

    /** Somebody was told that it is dead. */
    void toldDead(long producerId) {
        of(producerId).dead = true;
    }

    boolean isDead(long producerId) {
        return of(producerId).dead;
    }

    /** The process died; whose death is on the medium is dead for ever, of the others nobody knows. */
    void died(LongPredicate isBuried) {
        lifetimes.forEach((id, lifetime) -> {
            lifetime.dead = isBuried.test(id);
            lifetime.heardMs = lifetime.writtenMs;
        });
    }
}
