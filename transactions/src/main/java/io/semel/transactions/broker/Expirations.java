package io.semel.transactions.broker;

import java.util.Map;
import java.util.Set;

/**
 * After how long a directory forgets who is idle. Immutable.
 *
 * @param producerIdMs      producer ids of no transactional id: who comes back later gets a new one, and without delay
 * @param transactionalIdMs transactional ids, with their producer ids
 */
public record Expirations(long producerIdMs, long transactionalIdMs) {
    public static final String PRODUCER_ID = "producer.id.expiration.ms";
    public static final String TRANSACTIONAL_ID = "transactional.id.expiration.ms";

    /** Kafka's: a day, and a week. */
    public static final Expirations DEFAULT = new Expirations(86_400_000, 604_800_000);

    private static final Set<String> NAMES = Set.of(PRODUCER_ID, TRANSACTIONAL_ID);

    public Expirations {
        requirePositive(PRODUCER_ID, producerIdMs);
        requirePositive(TRANSACTIONAL_ID, transactionalIdMs);
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
                DEFAULT.transactionalIdMs));
    }

    private static long ms(Map<String, String> configs, String name, long otherwise) {
        String value = configs.get(name);
        try {
            return value == null ? otherwise : Long.parseLong(value.trim());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a number of milliseconds: given=" + value, e);
        }
    }
}
