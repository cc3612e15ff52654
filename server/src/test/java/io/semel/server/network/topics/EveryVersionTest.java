package io.semel.server.network.topics;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitionsCollection;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.semel.client.Semel;
import io.semel.server.GuardedServer;
import io.semel.server.SemelServer;
import io.semel.server.network.WireClient;
import io.semel.server.network.request.Authorizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

/** Every API of administration answers in each of its versions, whoever asks. */
class EveryVersionTest {
    private static final Authorizer NOBODY = (peer, operation, resource, name) -> false;

    @TempDir
    Path directory;

    static Stream<ApiKeys> keys() {
        return Stream.of(ApiKeys.CREATE_TOPICS, ApiKeys.DELETE_TOPICS, ApiKeys.CREATE_PARTITIONS,
                ApiKeys.DESCRIBE_TOPIC_PARTITIONS, ApiKeys.DESCRIBE_CONFIGS, ApiKeys.ALTER_CONFIGS,
                ApiKeys.INCREMENTAL_ALTER_CONFIGS, ApiKeys.LIST_CONFIG_RESOURCES, ApiKeys.DESCRIBE_LOG_DIRS,
                ApiKeys.ALTER_REPLICA_LOG_DIRS, ApiKeys.ELECT_LEADERS, ApiKeys.LIST_PARTITION_REASSIGNMENTS,
                ApiKeys.ALTER_PARTITION_REASSIGNMENTS, ApiKeys.DESCRIBE_CLIENT_QUOTAS, ApiKeys.ALTER_CLIENT_QUOTAS,
                ApiKeys.UPDATE_FEATURES, ApiKeys.CREATE_ACLS, ApiKeys.DESCRIBE_ACLS, ApiKeys.DELETE_ACLS);
    }

    private interface Talk {
        void with(WireClient client) throws IOException;
    }

    private void serve(Authorizer authorizer, Talk talk) throws IOException {
        try (Semel semel = Semel.open(directory)) {
            semel.admin().createTopic("orders", 1);
            SemelServer server = GuardedServer.listen(semel, authorizer);
            try (WireClient client = WireClient.to(server.port())) {
                talk.with(client);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("keys")
    void anEmptyRequestIsAnsweredToAnybody(ApiKeys key) throws IOException {
        for (Authorizer authorizer : List.of(Authorizer.ALLOW_ALL, NOBODY)) {
            Path own = directory.resolve(key.name + (authorizer == NOBODY));
            try (Semel semel = Semel.open(own);
                    WireClient client = WireClient.to(GuardedServer.listen(semel,
                            authorizer).port())) {
                for (short version = key.oldestVersion(); version <= key.latestVersion(); version++) {
                    ApiMessage request = ApiMessageType.fromApiKey(key.id).newRequest();
                    ApiMessage answer = client.ask(key, version, request);
                    assertNotNull(answer);
                }
            }
        }
    }

    @Test
    void topicsComeAndGoInEveryVersion() throws IOException {
        serve(Authorizer.ALLOW_ALL, client -> {
            for (short version = 2; version <= ApiKeys.CREATE_TOPICS.latestVersion(); version++) {
                CreateTopicsRequestData create = new CreateTopicsRequestData().setTimeoutMs(30_000);
                create.topics().add(new CreatableTopic().setName("t").setNumPartitions(1).setReplicationFactor(
                        (short) 1));
                for (Errors expected : List.of(Errors.NONE, Errors.TOPIC_ALREADY_EXISTS)) {
                    CreateTopicsResponseData created = client.ask(ApiKeys.CREATE_TOPICS, version, create);
                    assertEquals(expected.code(), created.topics().find("t").errorCode(), "version " + version);
                }
                short deleting = (short) Math.min(version, ApiKeys.DELETE_TOPICS.latestVersion());
                DeleteTopicsRequestData delete = new DeleteTopicsRequestData().setTimeoutMs(30_000);
                if (deleting >= 6) {
                    delete.topics().add(new DeleteTopicState().setName("t"));
                } else {
                    delete.topicNames().add("t");
                }
                for (Errors expected : List.of(Errors.NONE, Errors.UNKNOWN_TOPIC_OR_PARTITION)) {
                    DeleteTopicsResponseData deleted = client.ask(ApiKeys.DELETE_TOPICS, deleting, delete);
                    assertEquals(expected.code(), deleted.responses().find("t").errorCode(), "version " + deleting);
                }
            }
        });
    }

    @Test
    void whatIsNamedTwiceIsRefusedOnce() throws IOException {
        serve(Authorizer.ALLOW_ALL, client -> {
            CreateTopicsRequestData create = new CreateTopicsRequestData().setTimeoutMs(30_000);
            DeleteTopicsRequestData delete = new DeleteTopicsRequestData().setTimeoutMs(30_000);
            for (String name : List.of("t", "u", "t")) {
                create.topics().mustAdd(new CreatableTopic().setName(name).setNumPartitions(1).setReplicationFactor(
                        (short) 1));
                delete.topics().add(new DeleteTopicState().setName(name));
            }
            CreateTopicsResponseData created = client.ask(ApiKeys.CREATE_TOPICS, 7, create);
            assertEquals(2, created.topics().size());
            assertEquals(Errors.INVALID_REQUEST.code(), created.topics().find("t").errorCode());
            assertEquals(Errors.NONE.code(), created.topics().find("u").errorCode());
            DeleteTopicsResponseData deleted = client.ask(ApiKeys.DELETE_TOPICS, 6, delete);
            assertEquals(2, deleted.responses().size());
            assertEquals(Errors.INVALID_REQUEST.code(), deleted.responses().find("t").errorCode());
            assertEquals(Errors.NONE.code(), deleted.responses().find("u").errorCode());
        });
    }

    @Test
    void whoeverMayNotHearsSoInEveryVersion() throws IOException {
        serve(NOBODY, client -> {
            for (short version = 0; version <= ApiKeys.ELECT_LEADERS.latestVersion(); version++) {
                TopicPartitionsCollection wanted = new TopicPartitionsCollection();
                wanted.add(new TopicPartitions().setTopic("orders").setPartitions(List.of(0)));
                ElectLeadersResponseData elected = client.ask(ApiKeys.ELECT_LEADERS, version,
                        new ElectLeadersRequestData().setTopicPartitions(wanted));
                assertEquals(Errors.CLUSTER_AUTHORIZATION_FAILED.code(), elected.replicaElectionResults().get(0)
                        .partitionResult().get(0).errorCode());
            }
        });
    }

    @Test
    void aNodeThatIsNotThereIsNotDescribed() throws IOException {
        serve(Authorizer.ALLOW_ALL, client -> {
            DescribeConfigsResponseData described = client.ask(ApiKeys.DESCRIBE_CONFIGS, 4,
                    new DescribeConfigsRequestData().setResources(List.of(new DescribeConfigsResource().setResourceType(
                            (byte) 4).setResourceName("9").setConfigurationKeys(null), new DescribeConfigsResource()
                                    .setResourceType((byte) 99).setResourceName("x"))));
            described.results().forEach(each -> assertEquals(Errors.INVALID_REQUEST.code(), each.errorCode()));
        });
    }
}
