package io.semel.verify.clients;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What kafka-clients' Admin has to tell. Thread rule: one thread. */
final class AdminSteps implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final Admin admin;
    private final String name;
    private final Steps steps;

    AdminSteps(String bootstrapServers, String name, Steps steps) {
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        this.name = name;
        this.steps = steps;
    }

    private static <T> T answer(KafkaFuture<T> future) throws Exception {
        return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    void tellTopics() {
        String topic = name + "-topic";
        steps.step("create topic", () -> create(topic, 4, (short) 1));
        steps.step("create it again", () -> create(topic, 4, (short) 1));
        steps.step("metadata", () -> until(topic, 4));
        steps.step("invalid topic name", () -> create("no/slash", 1, (short) 1));
        steps.step("no partitions", () -> create(name + "-none", 0, (short) 1));
        steps.step("replicas that are not there", () -> create(name + "-many", 1, (short) 3));
        steps.step("describe cluster", () -> answer(admin.describeCluster().nodes()).size() + " nodes");
        steps.step("unknown topic", () -> answer(admin.describeTopics(List.of(name + "-nowhere")).allTopicNames()));
    }

    private Object create(String topic, int partitions, short replicas) throws Exception {
        answer(admin.createTopics(List.of(new NewTopic(topic, partitions, replicas))).all());
        return null;
    }

    private int partitions(String topic) throws Exception {
        return answer(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic).partitions().size();
    }

    /** Topics of a cluster take a moment until every broker knows them. */
    private String until(String topic, int partitions) {
        Steps.until(topic + " has " + partitions, () -> {
            try {
                return partitions(topic) == partitions;
            } catch (Exception e) {
                return false;
            }
        });
        return partitions + " partitions";
    }

    void tellTheRest(String topic, String group) {
        TopicPartition first = new TopicPartition(topic, 0);
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        steps.step("describe configs", () -> configs(resource));
        steps.step("alter configs", () -> alter(resource, "86400000"));
        steps.step("alter nonsense", () -> alter(resource, "soon"));
        steps.step("list offsets", () -> {
            List<String> found = new ArrayList<>();
            for (OffsetSpec spec : List.of(OffsetSpec.earliest(), OffsetSpec.latest(), OffsetSpec.maxTimestamp())) {
                found.add(Long.toString(answer(admin.listOffsets(Map.of(first, spec)).all()).get(first).offset()));
            }
            return found;
        });
        steps.step("delete records", () -> answer(admin.deleteRecords(Map.of(first, RecordsToDelete.beforeOffset(4)))
                .all()) == null ? answer(admin.listOffsets(Map.of(first, OffsetSpec.earliest())).all()).get(first)
                        .offset() : null);
        steps.step("delete records behind the end", () -> answer(admin.deleteRecords(Map.of(first, RecordsToDelete
                .beforeOffset(1_000_000))).all()));
        steps.step("add partitions", () -> {
            answer(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(6))).all());
            return until(topic, 6);
        });
        steps.step("take partitions away", () -> answer(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(
                2))).all()));
        tellGroups(topic, group);
        tellTransactions(first);
        steps.step("log directories", () -> answer(admin.describeLogDirs(List.of(answer(admin.describeCluster()
                .controller()).id())).allDescriptions()).values().iterator().next().values().stream().anyMatch(
                        directory -> directory.replicaInfos().containsKey(first)));
        steps.step("elect leaders", () -> answer(admin.electLeaders(ElectionType.PREFERRED, Set.of(first)).partitions())
                .get(first).map(e -> e.getClass().getSimpleName()));
        steps.step("access control lists", () -> answer(admin.describeAcls(AclBindingFilter.ANY).values()));
        steps.step("delete topic", this::delete);
    }

    private String configs(ConfigResource resource) throws Exception {
        Config config = answer(admin.describeConfigs(List.of(resource)).all()).get(resource);
        ConfigEntry retention = config.get("retention.ms");
        return config.get("cleanup.policy").value() + ' ' + retention.value() + ' ' + retention.isSensitive() + ' '
                + retention.isReadOnly();
    }

    private String alter(ConfigResource resource, String retention) throws Exception {
        answer(admin.incrementalAlterConfigs(Map.of(resource, List.of(new AlterConfigOp(new ConfigEntry("retention.ms",
                retention), AlterConfigOp.OpType.SET)))).all());
        return configs(resource);
    }

    private void tellGroups(String topic, String group) {
        TopicPartition third = new TopicPartition(topic, 2);
        steps.step("describe group", () -> described(answer(admin.describeConsumerGroups(List.of(group)).all()).get(
                group)));
        steps.step("describe a group that is not there", () -> described(answer(admin.describeConsumerGroups(List.of(
                name + "-nobody")).all()).get(name + "-nobody")));
        steps.step("alter offsets of a group", () -> answer(admin.alterConsumerGroupOffsets(group, Map.of(third,
                new OffsetAndMetadata(3))).all()));
        steps.step("offsets of a group", () -> {
            Map<String, String> shown = new TreeMap<>();
            answer(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                    .forEach((where, offset) -> shown.put(where.toString(), offset.offset() + offset.metadata()));
            return shown;
        });
        steps.step("delete offsets of a group", () -> answer(admin.deleteConsumerGroupOffsets(group, Set.of(third))
                .all()));
        steps.step("delete group", () -> {
            answer(admin.alterConsumerGroupOffsets(name + "-deleted", Map.of(third, new OffsetAndMetadata(1))).all());
            return answer(admin.deleteConsumerGroups(List.of(name + "-deleted")).all());
        });
        steps.step("delete it again", () -> answer(admin.deleteConsumerGroups(List.of(name + "-deleted")).all()));
    }

    private static String described(ConsumerGroupDescription group) {
        return group.isSimpleConsumerGroup() + " " + group.partitionAssignor() + ' ' + group.members().size();
    }

    private void tellTransactions(TopicPartition first) {
        String id = name + "-tx";
        steps.step("list transactions", () -> answer(admin.listTransactions().all()).stream().filter(each -> each
                .transactionalId().equals(id)).map(each -> each.state().toString()).toList());
        steps.step("describe transaction", () -> {
            TransactionDescription found = answer(admin.describeTransactions(List.of(id)).all()).get(id);
            return found.state() + " " + found.topicPartitions() + ' ' + found.transactionTimeoutMs();
        });
        steps.step("describe a transaction that is not there", () -> answer(admin.describeTransactions(List.of(name
                + "-nobody")).all()));
        steps.step("describe producers", () -> answer(admin.describeProducers(List.of(new TopicPartition(first.topic(),
                1))).all()).values().iterator().next().activeProducers().stream().anyMatch(producer -> producer
                        .currentTransactionStartOffset().isPresent()));
    }

    private Object delete() throws Exception {
        String topic = name + "-gone";
        create(topic, 1, (short) 1);
        until(topic, 1);
        answer(admin.deleteTopics(List.of(topic)).all());
        Optional<String> error = Optional.empty();
        try {
            answer(admin.deleteTopics(List.of(topic)).all());
        } catch (Exception e) {
            error = Optional.of(e.getCause() instanceof UnknownTopicOrPartitionException ? "then it is unknown"
                    : e.toString());
        }
        return error.orElse("twice");
    }

    @Override
    public void close() {
        admin.close();
    }
}
