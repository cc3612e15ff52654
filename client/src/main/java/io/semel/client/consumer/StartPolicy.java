package io.semel.client.consumer;

import java.time.Duration;
import java.util.Locale;

/**
 * Where to begin when there is no committed offset, or none that the log still has: {@code auto.offset.reset}, whose
 * values kafka-clients has checked.
 *
 * @param ago for {@link Kind#AGO}: from records this old on
 */
record StartPolicy(Kind kind, Duration ago) {
    private static final String AGO_PREFIX = "by_duration:";

    static final StartPolicy EARLIEST = new StartPolicy(Kind.EARLIEST, Duration.ZERO);
    static final StartPolicy LATEST = new StartPolicy(Kind.LATEST, Duration.ZERO);

    enum Kind {
        EARLIEST, LATEST, AGO, NONE
    }

    static StartPolicy parse(String value) {
        String lower = value.toLowerCase(Locale.ROOT);
        if (lower.startsWith(AGO_PREFIX)) {
            return new StartPolicy(Kind.AGO, Duration.parse(value.substring(AGO_PREFIX.length())));
        }
        return new StartPolicy(Kind.valueOf(lower.toUpperCase(Locale.ROOT)), Duration.ZERO);
    }
}
