package io.semel.transactions.broker;

import java.util.Map;
import java.util.Set;

import io.semel.transactions.groups.OffsetRetention;

/**
 * After how long a directory forgets who is idle. Immutable.
 *
 * @param producerIdMs      producer ids of no transactional id: who comes back later gets a new one, and without delay
 * @param transactionalIdMs transactional ids, with their producer ids
 * @param offsets           committed offsets of groups without members, and of topics that no member is subscribed to
 */
public record Expirations(long producerIdMs, long transactionalIdMs, OffsetRetention offsets) {
    public static final String PRODUCER_ID = "producer.id.expiration.ms";
    public static final String TRANSACTIONAL_ID = "transactional.id.expiration.ms";

    public static final String OFFSETS = "offsets.retention.minutes";
    public static final String OFFSETS_CHECK = "offsets.retention.check.interval.ms";

    /** Kafka's: a day, and a week. */
    public static final Expirations DEFAULT = new Expirations(86_400_000, 604_800_000);

    private static final Set<String> NAMES = Set.of(PRODUCER_ID, TRANSACTIONAL_ID, OFFSETS, OFFSETS_CHECK);
    private static final long MINUTE_MS = 60_000;
    /** As large as Kafka's, an int, can be. */
    private static final long MAX_MINUTES = Integer.MAX_VALUE;

    public Expirations {
        requirePositive(PRODUCER_ID, producerIdMs);
        requirePositive(TRANSACTIONAL_ID, transactionalIdMs);
    }

    public Expirations(long producerIdMs, long transactionalIdMs) {
        this(producerIdMs, transactionalIdMs, OffsetRetention.DEFAULT);
    }

    private static void requirePositive(String name, long ms) {
        if (ms < 1) {
            throw new IllegalArgumentException(name + " must be at least 1: given=" + ms);
        }
    }

    /**
     * From a configuration by Kafka's names; what is not given has Kafka's default.
     *
     * @throws IllegalArgumentException when a name is not known or a value is no number above zero
     */
    public static Expirations of(Map<String, String> configs) {
        for (String name : configs.keySet()) {
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException("configuration of a directory not known: " + name + "; known="
                        + NAMES);
            }
        }
        return new Expirations(ms(configs, PRODUCER_ID, DEFAULT.producerIdMs), ms(configs, TRANSACTIONAL_ID,
                DEFAULT.transactionalIdMs), offsets(configs));
    }

    private static OffsetRetention offsets(Map<String, String> configs) {
        OffsetRetention usual = OffsetRetention.DEFAULT;
        long minutes = number(configs, OFFSETS, usual.ms() / MINUTE_MS, "minutes");
        if (minutes < 1 || minutes > MAX_MINUTES) {
            throw new IllegalArgumentException(OFFSETS + " must be 1.." + MAX_MINUTES + ": given=" + minutes);
        }
        long checkIntervalMs = ms(configs, OFFSETS_CHECK, usual.checkIntervalMs());
        requirePositive(OFFSETS_CHECK, checkIntervalMs);
        return new OffsetRetention(minutes * MINUTE_MS, checkIntervalMs);
    }

    private static long ms(Map<String, String> configs, String name, long otherwise) {
        return number(configs, name, otherwise, "milliseconds");
    }

    private static long number(Map<String, String> configs, String name, long otherwise, String unit) {
        String value = configs.get(name);
        try {
            return value == null ? otherwise : Long.parseLong(value.trim());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a number of " + unit + ": given=" + value, e);
        }
    }
}
