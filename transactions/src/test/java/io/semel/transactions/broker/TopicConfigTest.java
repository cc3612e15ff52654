package io.semel.transactions.broker;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import io.semel.log.CleanupPolicy;
import io.semel.log.CompactionConfig;
import io.semel.log.Durability;
import io.semel.log.LogConfig;
import io.semel.log.RetentionConfig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TopicConfigTest {
    private static LogConfig with(String name, String value) {
        return TopicConfig.logConfig("orders", Map.of(name, value), Durability.PROCESS);
    }

    @Test
    void whatIsNotGivenHasItsDefault() {
        assertEquals(LogConfig.DEFAULT, TopicConfig.logConfig("orders", Map.of(), Durability.PROCESS));
    }

    @Test
    void everyNameReachesItsLimit() {
        Map<String, String> all = new HashMap<>(Map.of("segment.bytes", "70000", "segment.ms", "1",
                "max.message.bytes", "60000", "index.interval.bytes", "2", "retention.ms", "3", "retention.bytes",
                " 4 ",
                "cleanup.policy", "compact, delete", "delete.retention.ms", "5", "min.compaction.lag.ms", "6",
                "max.compaction.lag.ms", "7"));
        all.put("min.cleanable.dirty.ratio", "0.25");
        all.put("semel.durability", "power");
        assertEquals(new LogConfig(70000, 60000, 2, Durability.POWER, new RetentionConfig(3, 4, 1),
                new CompactionConfig(CleanupPolicy.COMPACT_AND_DELETE, 5, 6, 7, 0.25)),
                TopicConfig.logConfig("orders", all, Durability.PROCESS));
    }

    @Test
    void policiesAreKafkas() {
        assertEquals(CleanupPolicy.DELETE, with("cleanup.policy", "delete").compaction().policy());
        assertEquals(CleanupPolicy.COMPACT, with("cleanup.policy", "compact").compaction().policy());
        assertEquals(CleanupPolicy.COMPACT_AND_DELETE,
                with("cleanup.policy", "delete,compact").compaction().policy());
        refused("cleanup.policy", "none", "delete, compact or \"compact,delete\"");
        refused("cleanup.policy", "", "delete, compact");
    }

    @Test
    void aRefusalSaysWhatWasGivenAndWhatIsAllowed() {
        refused("semel.durability", "disk", "allowed=process");
        refused("retention.ms", "-2", "-1 for no limit");
        refused("segment.ms", "0", "1 or more");
        refused("retention.bytes", "much", "not a number");
        refused("min.cleanable.dirty.ratio", "1.5", "0 to 1");
        refused("min.cleanable.dirty.ratio", "NaN", "0 to 1");
        refused("segment.bytes", "1", "allowed=65536");
        refused("flush.ms", "1", "semel.durability");
        refused("no.such.name", "1", "served are");
    }

    @Test
    void namesByWhichNothingGoesAreTakenWhenTheyAskForNothing() {
        for (InertConfig each : InertConfig.all()) {
            assertEquals(LogConfig.DEFAULT, with(each.name(), each.defaultValue()), each.name());
        }
        refused("message.timestamp.type", "LogAppendTime", "CreateTime");
        refused("remote.storage.enable", "true", "no remote storage");
        refused("min.insync.replicas", "0", "a number from 1");
        refused("compression.type", "zstd", "set it at the producer");
    }

    @Test
    void whoeverCanLeaveThemOutIsToldSo() {
        Map<String, String> configs = Map.of("min.insync.replicas", "1");
        TopicConfig.requireAllowed(ConfigNames.KAFKAS, "orders", configs, Set.of());
        TopicConfig.requireAllowed(ConfigNames.SERVED, "orders", configs, Set.of("min.insync.replicas"));
        assertThrows(InvalidTopicException.class, () -> TopicConfig.requireAllowed(ConfigNames.SERVED, "orders",
                configs, Set.of()));
    }

    private static void refused(String name, String given, String allowed) {
        String message = assertThrows(InvalidTopicException.class, () -> with(name, given)).getMessage();
        assertTrue(message.contains("topic=orders") && message.contains(name) && message.contains(allowed), message);
    }

    @Test
    void statesOfOurOwnNeverGetOld() {
        assertEquals(RetentionConfig.UNLIMITED,
                TopicConfig.logConfig(Broker.OFFSETS_TOPIC, Map.of(), Durability.PROCESS).retention().retentionMs());
        assertEquals(RetentionConfig.UNLIMITED,
                TopicConfig.logConfig(Broker.TRANSACTIONS_TOPIC, Map.of(), Durability.PROCESS).retention()
                        .retentionMs());
    }
}
