package io.semel.server;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

import io.semel.client.admin.OffsetAdmin.OffsetQuery;

import picocli.CommandLine.Option;

/** Where {@code reset-offsets} is to put a group, by the names of Kafka's tool: exactly one of them. */
public final class ResetTarget {
    private static final String NAMES =
            "--to-earliest, --to-latest, --to-current, --to-offset, --shift-by, --to-datetime "
                    + "or --by-duration";

    @Option(names = "--to-earliest", description = "The first record.")
    private boolean toEarliest;

    @Option(names = "--to-latest", description = "The end.")
    private boolean toLatest;

    @Option(names = "--to-current", description = "Where it stands; the end where it stands nowhere.")
    private boolean toCurrent;

    @Option(names = "--to-offset", paramLabel = "N", description = "This offset.")
    private Long toOffset;

    @Option(names = "--shift-by", paramLabel = "N", description = "So many offsets on, or back if negative.")
    private Long shiftBy;

    @Option(names = "--to-datetime", paramLabel = "TIME", description = "The first record since 2026-01-31T12:00:00.000, in UTC unless it ends with an offset like +01:00.")
    private String toDatetime;

    @Option(names = "--by-duration", paramLabel = "DURATION", description = "The first record since so long ago: PT1H30M, P7D.")
    private String byDuration;

    /** @throws UsageException unless exactly one is given, and well */
    void check(long nowMs) {
        List<String> given = given();
        if (given.size() != 1) {
            throw new UsageException((given.isEmpty() ? "no target" : "targets that contradict each other: " + String
                    .join(", ", given)) + "; give one of " + NAMES);
        }
        if (toOffset != null) {
            UsageException.requireInRange("--to-offset", toOffset, 0, Long.MAX_VALUE);
        }
        query(nowMs);
    }

    private List<String> given() {
        Map<String, Boolean> targets = new LinkedHashMap<>();
        targets.put("--to-earliest", toEarliest);
        targets.put("--to-latest", toLatest);
        targets.put("--to-current", toCurrent);
        targets.put("--to-offset", toOffset != null);
        targets.put("--shift-by", shiftBy != null);
        targets.put("--to-datetime", toDatetime != null);
        targets.put("--by-duration", byDuration != null);
        return targets.entrySet().stream().filter(Map.Entry::getValue).map(Map.Entry::getKey).toList();
    }

    /** What must be asked of a partition: past every record, a time means the end, as in Kafka. */
    OffsetQuery query(long nowMs) {
        if (toDatetime != null) {
            return OffsetQuery.since(timeOf(toDatetime));
        }
        if (byDuration != null) {
            return OffsetQuery.since(nowMs - durationOf("--by-duration", byDuration).toMillis());
        }
        return toEarliest ? OffsetQuery.EARLIEST : OffsetQuery.LATEST;
    }

    /**
     * Where the group is to stand; nowhere when it has no offset to be shifted.
     *
     * @param asked   the answer to {@link #query}
     * @param current what the group has committed, if anything
     */
    OptionalLong offset(long asked, OptionalLong current) {
        if (toOffset != null) {
            return OptionalLong.of(toOffset);
        }
        if (toCurrent) {
            return OptionalLong.of(current.orElse(asked));
        }
        if (shiftBy != null) {
            return current.isEmpty() ? current : OptionalLong.of(shifted(current.getAsLong()));
        }
        return OptionalLong.of(asked);
    }

    private long shifted(long current) {
        return shiftBy > Long.MAX_VALUE - current ? Long.MAX_VALUE : current + shiftBy;
    }

    private static long timeOf(String given) {
        try {
            return LocalDateTime.parse(given).toInstant(ZoneOffset.UTC).toEpochMilli();
        } catch (DateTimeException e) {
            try {
                return OffsetDateTime.parse(given).toInstant().toEpochMilli();
            } catch (DateTimeException again) {
                throw new UsageException("no time: --to-datetime given=" + given
                        + "; write 2026-01-31T12:00:00.000, with +01:00 behind it where it is not UTC", again);
            }
        }
    }

    /** @throws UsageException when it is none, or negative */
    public static Duration durationOf(String option, String given) {
        try {
            Duration duration = Duration.parse(given);
            if (!duration.isNegative() && duration.toMillis() >= 0) {
                return duration;
            }
        } catch (DateTimeException | ArithmeticException e) {
            throw new UsageException("no duration: " + option + " given=" + given + "; write PT30S, PT1H30M or P7D", e);
        }
        throw new UsageException("a duration goes back by itself: " + option + " given=" + given
                + "; write it without a minus");
    }
}
