package io.semel.server.network.topics;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.semel.server.network.OpenServer;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The topics that Kafka's frameworks make for themselves, with what each of them sets. */
class FrameworkTopicsTest {
    @TempDir
    Path directory;

    static Stream<Arguments> topics() {
        Map<String, String> createTime = Map.of("message.timestamp.type", "CreateTime");
        return Stream.of(Arguments.of("app-repartition", 4, with(createTime, "cleanup.policy", "delete",
                "segment.bytes", "52428800", "retention.ms", "-1")), Arguments.of("app-changelog", 4, with(createTime,
                        "cleanup.policy", "compact")), Arguments.of("app-windowed-changelog", 4, with(createTime,
                                "cleanup.policy", "compact,delete", "retention.ms", "172800000")), Arguments.of(
                                        "app-versioned-changelog", 4, with(createTime, "cleanup.policy", "compact",
                                                "min.compaction.lag.ms", "172800000")), Arguments.of("connect-configs",
                                                        1, Map.of("cleanup.policy", "compact")), Arguments.of(
                                                                "connect-offsets", 25, Map.of("cleanup.policy",
                                                                        "compact", "min.insync.replicas", "2",
                                                                        "unclean.leader.election.enable", "false")),
                Arguments.of("connect-status", 5, Map.of("cleanup.policy", "compact")), Arguments.of("source.orders", 3,
                        with(createTime, "compression.type", "producer", "max.message.bytes", "2000000",
                                "retention.bytes", "-1", "segment.jitter.ms", "5", "file.delete.delay.ms", "1",
                                "remote.storage.enable", "false", "flush.messages", "9223372036854775807")),
                Arguments.of("mm2-offset-syncs.b.internal", 1, Map.of("cleanup.policy", "compact")));
    }

    private static Map<String, String> with(Map<String, String> given, String... more) {
        Map<String, String> all = new HashMap<>(given);
        for (int index = 0; index < more.length; index += 2) {
            all.put(more[index], more[index + 1]);
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("topics")
    void isMadeAndDescribedBackAlsoAfterARestart(String name, int partitions, Map<String, String> configs)
            throws Exception {
        try (OpenServer open = OpenServer.in(directory); Admin admin = open.admin()) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(configs))).all().get();
        }
        try (OpenServer open = OpenServer.in(directory); Admin admin = open.admin()) {
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
            Config described = admin.describeConfigs(List.of(topic)).all().get().get(topic);
            configs.forEach((key, value) -> assertEquals(value, described.get(key).value()));
            assertEquals(partitions, open.semel().admin().describeTopic(name).partitions().size());
        }
    }
}
