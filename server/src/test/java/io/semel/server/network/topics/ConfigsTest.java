package io.semel.server.network.topics;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.SemelAdmin;
import io.semel.server.network.OpenServer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Configurations are read and changed by Kafka's own admin client, and the owner of the directory sees the same. */
class ConfigsTest {
    private static final ConfigResource ORDERS = new ConfigResource(ConfigResource.Type.TOPIC, "orders");
    private static final ConfigResource NODE = new ConfigResource(ConfigResource.Type.BROKER, "1");

    @TempDir
    Path directory;
    private OpenServer open;
    private Admin admin;
    private SemelAdmin owner;

    @BeforeEach
    void open() throws IOException {
        open = OpenServer.in(directory);
        admin = open.admin();
        owner = open.semel().admin();
        owner.createTopic("orders", 1, Map.of("retention.ms", "1000"));
    }

    @AfterEach
    void close() throws IOException {
        admin.close();
        open.close();
    }

    private Config describe(ConfigResource resource) throws Exception {
        DescribeConfigsOptions all = new DescribeConfigsOptions().includeDocumentation(true).includeSynonyms(true);
        return admin.describeConfigs(List.of(resource), all).all().get().get(resource);
    }

    private KafkaFuture<Void> alter(ConfigResource resource, String... operations) {
        Collection<AlterConfigOp> all = new ArrayList<>();
        for (String each : operations) {
            String[] parts = each.split(" ", 3);
            all.add(new AlterConfigOp(new ConfigEntry(parts[1], parts.length == 3 ? parts[2] : null), OpType.valueOf(
                    parts[0])));
        }
        return admin.incrementalAlterConfigs(Map.of(resource, all)).all();
    }

    private Map<String, String> ofOwner() {
        return owner.describeTopic("orders").configs();
    }

    @Test
    void everyNameOfKafkasIsDescribedWithItsKindItsSourceAndWords() throws Exception {
        Config config = describe(ORDERS);
        ConfigEntry retention = config.get("retention.ms");
        assertEquals("1000", retention.value());
        assertEquals(ConfigSource.DYNAMIC_TOPIC_CONFIG, retention.source());
        assertEquals(ConfigEntry.ConfigType.LONG, retention.type());
        assertEquals(List.of("retention.ms", "log.retention.ms"), retention.synonyms().stream().map(
                ConfigEntry.ConfigSynonym::name).toList());
        assertFalse(retention.isReadOnly());
        assertEquals(ConfigSource.STATIC_BROKER_CONFIG, config.get("semel.durability").source());
        assertTrue(config.get("min.insync.replicas").isDefault());
        assertEquals(ConfigEntry.ConfigType.LIST, config.get("cleanup.policy").type());
        config.entries().forEach(each -> assertFalse(each.documentation().isEmpty(), each.name()));
        Set<String> names = config.entries().stream().map(ConfigEntry::name).collect(Collectors.toSet());
        for (Field field : TopicConfig.class.getFields()) {
            if (field.getName().endsWith("_CONFIG") && !field.getName().startsWith("MESSAGE_DOWNCONVERSION")) {
                assertTrue(names.contains(field.get(null)), field.getName());
            }
        }
    }

    @Test
    void namesAreSetDeletedAndListsGrowAndShrink() throws Exception {
        alter(ORDERS, "SET retention.bytes 5", "DELETE retention.ms", "APPEND cleanup.policy compact").get();
        assertEquals(Map.of("retention.bytes", "5", "cleanup.policy", "delete,compact"), ofOwner());
        alter(ORDERS, "SUBTRACT cleanup.policy delete", "DELETE remote.storage.enable", "DELETE no.such.name").get();
        assertEquals(Map.of("retention.bytes", "5", "cleanup.policy", "compact"), ofOwner());
        assertEquals("compact", describe(ORDERS).get("cleanup.policy").value());
    }

    @Test
    void allOfATopicsChangesAreMadeOrNone() {
        Failed.with(InvalidConfigurationException.class, "1 or more", alter(ORDERS, "SET retention.bytes 5",
                "SET segment.ms 0"));
        Failed.with(InvalidConfigurationException.class, "name=no.such.name", alter(ORDERS, "SET no.such.name 0"));
        Failed.with(InvalidConfigurationException.class, "not a list", alter(ORDERS, "APPEND retention.ms 0"));
        Failed.with(InvalidConfigurationException.class, "delete, compact", alter(ORDERS,
                "SUBTRACT cleanup.policy delete"));
        Failed.with(InvalidRequestException.class, "more than once", alter(ORDERS, "SET retention.ms 1",
                "DELETE retention.ms"));
        Failed.with(UnknownTopicOrPartitionException.class, "nothing", alter(new ConfigResource(
                ConfigResource.Type.TOPIC, "nothing"), "SET retention.ms 1"));
        assertEquals(Map.of("retention.ms", "1000"), ofOwner());
    }

    @Test
    void whatIsOnlyLookedAtIsNotChanged() throws Exception {
        AlterConfigsOptions look = new AlterConfigsOptions().validateOnly(true);
        AlterConfigOp good = new AlterConfigOp(new ConfigEntry("retention.ms", "7"), OpType.SET);
        AlterConfigOp bad = new AlterConfigOp(new ConfigEntry("retention.ms", "x"), OpType.SET);
        admin.incrementalAlterConfigs(Map.of(ORDERS, List.of(good)), look).all().get();
        Failed.with(InvalidConfigurationException.class, "not a number", admin.incrementalAlterConfigs(Map.of(ORDERS,
                List.of(bad)), look).all());
        assertEquals(Map.of("retention.ms", "1000"), ofOwner());
    }

    @Test
    void theOwnersChangesAreSeenAndKeepWhatClientsSet() throws Exception {
        alter(ORDERS, "SET min.insync.replicas 1").get();
        owner.configureTopic("orders", Map.of("retention.ms", "9", "min.insync.replicas", "1"));
        assertEquals("9", describe(ORDERS).get("retention.ms").value());
        assertEquals(ConfigSource.DYNAMIC_TOPIC_CONFIG, describe(ORDERS).get("min.insync.replicas").source());
    }

    @Test
    void aNodeTellsHowItWasStartedAndCanNotBeChanged() throws Exception {
        Config config = describe(NODE);
        assertEquals("1", config.get("node.id").value());
        assertEquals("true", config.get("auto.create.topics.enable").value());
        assertNotNull(config.get("log.retention.ms"));
        assertTrue(config.entries().stream().allMatch(ConfigEntry::isReadOnly));
        Failed.with(InvalidRequestException.class, "start again", alter(NODE, "SET num.partitions 3"));
        ConfigResource loggers = new ConfigResource(ConfigResource.Type.BROKER_LOGGER, "1");
        assertNotNull(describe(loggers).get("io.semel.server").value());
        Failed.with(InvalidRequestException.class, "logging library", alter(loggers, "SET io.semel.server DEBUG"));
    }

    @Test
    void resourcesThatHaveAConfigurationAreListed() throws Exception {
        Collection<ConfigResource> all = admin.listConfigResources().all().get();
        assertTrue(all.containsAll(List.of(ORDERS, NODE)), all.toString());
        assertEquals(List.of(NODE), List.copyOf(admin.listConfigResources(Set.of(ConfigResource.Type.BROKER),
                new ListConfigResourcesOptions()).all().get()));
    }
}
