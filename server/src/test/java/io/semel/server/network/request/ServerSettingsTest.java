package io.semel.server.network.request;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Kafka's names: which are served, which mean nothing, which are a mistake. */
class ServerSettingsTest {

    @Test
    void everyDefaultIsAllowed() {
        Map<String, String> defaults = new TreeMap<>();
        for (Setting setting : SettingTable.all()) {
            if (!setting.defaultValue().isEmpty()) {
                defaults.put(setting.name(), setting.defaultValue());
            }
        }
        assertEquals(Set.of(), ServerSettings.of(defaults).meaningless());
        assertTrue(ServerSettings.of(defaults).autoCreateTopics());
    }

    @Test
    void everySettingSaysWhatItMeans() {
        for (Setting setting : SettingTable.all()) {
            assertTrue(setting.meaning().endsWith("."), setting::name);
        }
    }

    @Test
    void noNameIsBothServedAndNot() {
        for (Setting setting : SettingTable.all()) {
            assertFalse(KafkaNames.withoutMeaning().contains(setting.name()), setting::name);
            assertFalse(KafkaNames.isNotServed(setting.name()), setting::name);
        }
        for (String name : KafkaNames.notServed()) {
            assertFalse(KafkaNames.withoutMeaning().contains(name), name);
        }
    }

    @Test
    void namesThatMeanNothingOnOneMachineAreReadOverAndTold() {
        ServerSettings settings = ServerSettings.of(Map.of("process.roles", "broker,controller", "node.id", "1",
                "replica.lag.time.max.ms", "30000", "num.partitions", "4"));
        assertEquals(List.of("node.id", "process.roles", "replica.lag.time.max.ms"), List.copyOf(settings
                .meaningless()));
        assertEquals(4, settings.defaultPartitions());
    }

    @Test
    void anUnknownNameIsRefusedWithTheNearestOne() {
        assertRefused("num.partition", "1", "did you mean num.partitions?");
        assertRefused("log.retention.hour", "1", "did you mean log.retention.hours?");
        assertRefused("something.else.entirely", "1", "--list-settings");
    }

    @Test
    void whatWouldAskForSomethingElseIsRefused() {
        assertRefused("authorizer.class.name", "org.example.Mine", "not served");
        assertRefused("log.flush.interval.messages", "1", "not served");
        assertRefused("listener.name.internal.ssl.keystore.location", "/k", "not served");
    }

    @Test
    void aValueThatIsNotAllowedIsRefusedWithWhatIs() {
        assertRefused("num.partitions", "0", "allowed=1..10000");
        assertRefused("num.partitions", "many", "given=many");
        assertRefused("auto.create.topics.enable", "yes", "allowed=true or false");
        assertRefused("log.cleaner.min.cleanable.ratio", "half", "a number");
    }

    @Test
    void topicsGetWhatWasGivenAndNothingElse() {
        assertEquals(Map.of(), ServerSettings.DEFAULT.topicDefaults());
        assertEquals(Map.of("retention.ms", "7200000", "segment.bytes", "1048576", "cleanup.policy", "compact"),
                ServerSettings.of(Map.of("log.retention.hours", "2", "log.segment.bytes", "1048576",
                        "log.cleanup.policy", "compact")).topicDefaults());
    }

    @Test
    void whatCountsFinerGoesBefore() {
        assertEquals(Map.of("retention.ms", "60000"), ServerSettings.of(Map.of("log.retention.hours", "2",
                "log.retention.minutes", "1")).topicDefaults());
        assertEquals(Map.of("retention.ms", "5"), ServerSettings.of(Map.of("log.retention.ms", "5",
                "log.retention.minutes", "1")).topicDefaults());
        assertEquals(Map.of("retention.ms", "-1"), ServerSettings.of(Map.of("log.retention.hours", "-1"))
                .topicDefaults());
        assertEquals(Map.of("segment.ms", "3600000"), ServerSettings.of(Map.of("log.roll.hours", "1"))
                .topicDefaults());
    }

    @Test
    void theDirectoryGetsItsOwn() {
        assertEquals(Map.of("producer.id.expiration.ms", "1000", "offsets.retention.minutes", "5"), ServerSettings.of(
                Map.of("producer.id.expiration.ms", " 1000 ", "offsets.retention.minutes", "5", "num.partitions", "3"))
                .ofDirectory());
    }

    @Test
    void lettersPutInTakenOutAndReplacedAreCounted() {
        assertEquals(0, Spelling.changes("listeners", "listeners"));
        assertEquals(1, Spelling.changes("listener", "listeners"));
        assertEquals(3, Spelling.changes("kitten", "sitting"));
        assertEquals(4, Spelling.changes("", "four"));
    }

    private static void assertRefused(String name, String value, String says) {
        String message = assertThrows(IllegalArgumentException.class, () -> ServerSettings.of(Map.of(name, value)))
                .getMessage();
        assertTrue(message.contains(name) && message.contains(says), message);
    }
}
