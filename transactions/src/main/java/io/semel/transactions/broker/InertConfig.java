package io.semel.transactions.broker;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A name of Kafka's by which nothing goes here: either there is nothing on one machine that it could mean, or the
 * values that are allowed say what is done anyway. Kafka's clients set such names when they create topics, so the
 * network takes them, keeps them and describes them back ({@link ConfigNames#KAFKAS}). What asks for something that is
 * not done is refused, also there. Immutable.
 *
 * @param defaultValue what holds when nobody says anything
 * @param why          why nothing goes by it, for whoever reads its description or a refusal
 */
public record InertConfig(String name, Kind kind, String defaultValue, Allowed allowed, String why) {
    private static final String NO_REPLICAS = "there is one copy of a partition, and nothing is replicated";
    private static final String NO_CODEC = "batches stay as their producer compressed them: set it at the producer";
    private static final String NO_FORCE = "how soon records are forced goes by semel.durability: process forces in the"
            + " background, power before each acknowledgement";
    private static final String NO_TIERS = "there is no remote storage: all of a log is local";
    private static final String ANY_TIME = "every timestamp is taken";
    private static final String FOR_EVER = Long.toString(Long.MAX_VALUE);

    private static final Map<String, InertConfig> ALL = new LinkedHashMap<>();

    static {
        add("min.insync.replicas", Kind.INT, "1", Allowed.atLeast(1), NO_REPLICAS);
        add("unclean.leader.election.enable", Kind.BOOLEAN, "false", Allowed.TRUTH, NO_REPLICAS);
        add("leader.replication.throttled.replicas", Kind.LIST, "", Allowed.ALL, NO_REPLICAS);
        add("follower.replication.throttled.replicas", Kind.LIST, "", Allowed.ALL, NO_REPLICAS);
        add("compression.type", Kind.STRING, "producer", Allowed.only("producer"), NO_CODEC);
        add("compression.gzip.level", Kind.INT, "-1", Allowed.atLeast(-1), NO_CODEC);
        add("compression.lz4.level", Kind.INT, "9", Allowed.atLeast(1), NO_CODEC);
        add("compression.zstd.level", Kind.INT, "3", Allowed.atLeast(-131_072), NO_CODEC);
        add("message.timestamp.type", Kind.STRING, "CreateTime", Allowed.only("CreateTime"),
                "records keep the time that their producer gave them: a batch is stored byte for byte");
        add("message.timestamp.before.max.ms", Kind.LONG, FOR_EVER, Allowed.only(FOR_EVER), ANY_TIME);
        add("message.timestamp.after.max.ms", Kind.LONG, FOR_EVER, Allowed.only(FOR_EVER), ANY_TIME);
        add("flush.messages", Kind.LONG, FOR_EVER, Allowed.only(FOR_EVER), NO_FORCE);
        add("flush.ms", Kind.LONG, FOR_EVER, Allowed.only(FOR_EVER), NO_FORCE);
        add("file.delete.delay.ms", Kind.LONG, "60000", Allowed.atLeast(0),
                "a file goes when its last reader has let go of it, and not by time");
        add("segment.index.bytes", Kind.INT, "10485760", Allowed.atLeast(4),
                "an index is as long as its segment needs");
        add("segment.jitter.ms", Kind.LONG, "0", Allowed.atLeast(0),
                "finishing segments waits for the flusher, which takes one after the other: they need not be spread");
        add("max.decompressed.message.bytes", Kind.INT, Integer.toString(Integer.MAX_VALUE), Allowed.only(Integer
                .toString(Integer.MAX_VALUE)), "batches stay as they are: the limit is each reader's own");
        add("remote.storage.enable", Kind.BOOLEAN, "false", Allowed.only("false"), NO_TIERS);
        add("remote.log.copy.disable", Kind.BOOLEAN, "false", Allowed.only("false"), NO_TIERS);
        add("remote.log.delete.on.disable", Kind.BOOLEAN, "false", Allowed.only("false"), NO_TIERS);
        add("remote.copy.lag.ms", Kind.LONG, "0", Allowed.atLeast(-2), NO_TIERS);
        add("remote.copy.lag.bytes", Kind.LONG, "0", Allowed.atLeast(-2), NO_TIERS);
        add("local.retention.ms", Kind.LONG, "-2", Allowed.atLeast(-2), NO_TIERS);
        add("local.retention.bytes", Kind.LONG, "-2", Allowed.atLeast(-2), NO_TIERS);
        add("errors.deadletterqueue.group.enable", Kind.BOOLEAN, "false", Allowed.only("false"),
                "there are no share groups, so no dead-letter queue of one");
    }

    /** What kind of value a name has. */
    public enum Kind {
        BOOLEAN, INT, LONG, DOUBLE, LIST, STRING
    }

    /** Which values a name may have; {@code text} says so. */
    record Allowed(String text, Predicate<String> rule) {
        private static final Allowed ALL = new Allowed("anything", value -> true);
        private static final Allowed TRUTH = new Allowed("true or false", value -> value.equals("true") || value.equals(
                "false"));

        static Allowed only(String value) {
            return new Allowed(value, value::equals);
        }

        static Allowed atLeast(long least) {
            return new Allowed("a number from " + least, value -> isAtLeast(least, value));
        }

        private static boolean isAtLeast(long least, String value) {
            try {
                return Long.parseLong(value) >= least;
            } catch (NumberFormatException e) {
                return false;
            }
        }
    }

    private static void add(String name, Kind kind, String defaultValue, Allowed allowed, String why) {
        ALL.put(name, new InertConfig(name, kind, defaultValue, allowed, why));
    }

    /** All of them. */
    public static Collection<InertConfig> all() {
        return Collections.unmodifiableCollection(ALL.values());
    }

    public static Optional<InertConfig> find(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    /** @throws IllegalArgumentException when the value asks for what is not done */
    void check(String given) {
        if (!allowed.rule.test(given.trim())) {
            throw new IllegalArgumentException("value not allowed: " + name + " given=" + given + " allowed="
                    + allowed.text + "; " + why);
        }
    }
}
