package io.semel.idempotence;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.agrona.concurrent.EpochClock;

/**
 * Lets producer ids die that nobody has used for {@code producer.id.expiration.ms}, and has the directory forget them
 * and those that another id has replaced, so that there is room for new ones.
 *
 * <p>Invariants: an id with anything open, under way or not yet on the medium in any partition does not expire (I4a);
 * it is refused everywhere before its death is journaled, and its death is on the medium before any partition forgets
 * what it wrote (I4b): a partition that forgot beside one that remembers would take sequence 0 once more.
 *
 * <p>Thread rule: one thread, stepped; no step looks at more than a few thousand ids.
 */
public final class ProducerExpiry {
    /** Looks come this often at most, as in Kafka ({@code producer.id.expiration.check.interval.ms}). */
    private static final long MAX_INTERVAL_MS = 600_000;

    /** Looks in the time after which an id expires: that is how much longer than promised it may live. */
    private static final int LOOKS = 10;

    /** A million ids take seconds, in steps of some ten microseconds. */
    private static final int LOOKED_AT_PER_STEP = 2048;

    /** Each is asked for in every partition, of which there may be ten thousand. */
    private static final int DYING_PER_STEP = 64;

    /** Where deaths are written before anybody forgets. */
    public interface Journal {
        /** Appends "in this block these are dead"; returns a ticket, or a negative code: try again. */
        long append(long block, byte[] dead);

        /** Whether the record is on the medium, whatever else the directory promises. */
        boolean isDurable(long ticket);
    }

    /** The partitions of the directory. */
    public interface Partitions {
        /** Whether a producer has anything in any of them that is open, under way, or not on the medium yet. */
        boolean isBusy(long producerId);

        /** Forgets these producers, whose identities say that they may be. */
        void forget(Collection<ProducerIdentity> dead);
    }

    private final ProducerIds ids;
    private final Journal journal;
    private final Partitions partitions;
    private final EpochClock clock;
    private final long expirationMs;
    private final long intervalMs;
    private Iterator<ProducerIdentity> look = Collections.emptyIterator();
    private long lastLookMs = Long.MIN_VALUE;
    /** Dead, and not forgotten yet. By id. */
    private final Map<Long, ProducerIdentity> dead = new LinkedHashMap<>();
    /** Of the dead, those that {@link #tickets} are for. */
    private List<ProducerIdentity> journaling = List.of();
    /** By block, of the records that are on their way. */
    private final Map<Long, Long> tickets = new HashMap<>();

    /** @param expirationMs at least 1 */
    public ProducerExpiry(ProducerIds ids, Journal journal, Partitions partitions, EpochClock clock,
            long expirationMs) {
        this.ids = ids;
        this.journal = journal;
        this.partitions = partitions;
        this.clock = clock;
        this.expirationMs = expirationMs;
        this.intervalMs = Math.max(1, Math.min(MAX_INTERVAL_MS, expirationMs / LOOKS));
    }

    /** One step; returns how much was done. */
    public int doWork() {
        long nowMs = clock.time();
        int done = forgetJournaled();
        if (!look.hasNext() && isDue(nowMs)) {
            lastLookMs = nowMs;
            look = ids.all().iterator();
        }
        done += lookFurther(nowMs);
        for (ProducerIdentity each = ids.pollDead(); each != null; each = ids.pollDead()) {
            dead.put(each.producerId(), each);
        }
        if (journaling.isEmpty() && !dead.isEmpty()) {
            journaling = List.copyOf(dead.values());
            done += journaling.size();
        }
        return done + journalDeaths();
    }

    /** A clock that was set back must not stop the looks until it has caught up. */
    private boolean isDue(long nowMs) {
        return lastLookMs == Long.MIN_VALUE || nowMs - lastLookMs >= intervalMs || nowMs < lastLookMs;
    }

    private int lookFurther(long nowMs) {
        int dying = 0;
        for (int count = 0; count < LOOKED_AT_PER_STEP && dying < DYING_PER_STEP && look.hasNext(); count++) {
            ProducerIdentity identity = look.next();
            if (!identity.isAlive()) {
                dead.put(identity.producerId(), identity);
            } else if (identity.isIdle(nowMs, expirationMs)) {
                dying++;
                ids.tryExpire(identity, "nobody used producer id " + identity.producerId() + " for " + expirationMs
                        + " ms (producer.id.expiration.ms), and it expired at " + nowMs,
                        () -> partitions.isBusy(identity.producerId()));
            }
        }
        return dying;
    }

    /** I4b: one record for each block that has more dead ids now. */
    private int journalDeaths() {
        Map<Long, byte[]> blocks = new LinkedHashMap<>();
        for (ProducerIdentity each : journaling) {
            long block = DeadIds.blockOf(each.producerId());
            if (!ids.dead().contains(each.producerId()) && !tickets.containsKey(block)) {
                byte[] known = blocks.getOrDefault(block, ids.dead().block(block));
                blocks.put(block, DeadIds.with(known, each.producerId()));
            }
        }
        for (Map.Entry<Long, byte[]> block : blocks.entrySet()) {
            long ticket = journal.append(block.getKey(), block.getValue());
            if (ticket < 0) {
                return 0;
            }
            tickets.put(block.getKey(), ticket);
        }
        return blocks.size();
    }

    private int forgetJournaled() {
        if (journaling.isEmpty() || !journaling.stream().allMatch(this::isJournaled)) {
            return 0;
        }
        List<ProducerIdentity> forgotten = journaling;
        forgotten.forEach(ids::buried);
        partitions.forget(forgotten);
        forgotten.forEach(each -> dead.remove(each.producerId()));
        forgotten.forEach(ids::forget);
        journaling = List.of();
        tickets.clear();
        return forgotten.size();
    }

    private boolean isJournaled(ProducerIdentity identity) {
        Long ticket = tickets.get(DeadIds.blockOf(identity.producerId()));
        return ids.dead().contains(identity.producerId()) || ticket != null && journal.isDurable(ticket);
    }
}
