package io.semel.server.dump;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import io.semel.log.batch.RecordCursor;
import io.semel.server.inspect.Fields;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.records.ConsumerGroupKey;
import io.semel.transactions.records.ConsumerGroupValue;
import io.semel.transactions.records.CorruptRecordException;
import io.semel.transactions.records.GroupMetadataKey;
import io.semel.transactions.records.GroupMetadataValue;
import io.semel.transactions.records.MetadataRecord;
import io.semel.transactions.records.OffsetCommitKey;
import io.semel.transactions.records.OffsetCommitValue;
import io.semel.transactions.records.OffsetsRecordType;
import io.semel.transactions.records.TransactionLogKey;
import io.semel.transactions.records.TransactionLogValue;

/** Records of the internal topics, key and value field by field. Thread rule: stateless. */
final class JournalRecords {
    private static final String METADATA = "__semel_metadata";

    private JournalRecords() {
    }

    /** What the record under the cursor says, if its file belongs to an internal topic; why it says nothing, if so. */
    static Optional<Fields> of(Path file, RecordCursor record) {
        Path home = file.toAbsolutePath().normalize().getParent();
        String name = home == null || home.getFileName() == null ? "" : home.getFileName().toString();
        try {
            return switch (name.replaceFirst("-\\d+$", "")) {
                case METADATA -> Optional.of(metadata(MetadataRecord.decode(record.keySlice(), record.valueSlice())));
                case Broker.TRANSACTIONS_TOPIC -> Optional.of(transaction(record));
                case Broker.OFFSETS_TOPIC -> Optional.of(offsets(record));
                default -> Optional.empty();
            };
        } catch (CorruptRecordException e) {
            return Optional.of(new Fields().with("unreadable", e.getMessage()));
        }
    }

    private static Fields metadata(MetadataRecord record) {
        if (record instanceof MetadataRecord.TopicCreated created) {
            return new Fields().with("type", "TOPIC_CREATED").with("id", created.id().toString()).with("name", created
                    .name()).with("partitionCount", created.partitionCount()).with("configs", configs(created
                            .configs())).with("time", Shown.time(created.timestampMs()));
        }
        if (record instanceof MetadataRecord.TopicDeleted deleted) {
            return new Fields().with("type", "TOPIC_DELETED").with("id", deleted.id().toString()).with("name", deleted
                    .name()).with("time", Shown.time(deleted.timestampMs()));
        }
        if (record instanceof MetadataRecord.TopicConfig config) {
            return new Fields().with("type", "TOPIC_CONFIG").with("id", config.id().toString()).with("configs", configs(
                    config.configs()));
        }
        if (record instanceof MetadataRecord.TopicGrown grown) {
            return new Fields().with("type", "TOPIC_GROWN").with("id", grown.id().toString()).with("partitionCount",
                    grown.partitionCount());
        }
        if (record instanceof MetadataRecord.AccessRule rule) {
            return new Fields().with("type", "ACCESS_RULE").with("id", rule.id().toString()).with("standing", rule
                    .standing().toString()).with("rule", rule.entry().toString());
        }
        if (record instanceof MetadataRecord.ProducerIdsDead dead) {
            return new Fields().with("type", "PRODUCER_IDS_DEAD").with("block", dead.block()).with("dead", BitSet
                    .valueOf(
                            dead.dead()).cardinality());
        }
        return new Fields().with("type", "PRODUCER_ID_BLOCK").with("nextProducerId",
                ((MetadataRecord.ProducerIdBlock) record).nextProducerId());
    }

    private static Fields configs(Map<String, String> configs) {
        Fields fields = new Fields();
        new TreeMap<>(configs).forEach(fields::with);
        return fields;
    }

    private static Fields transaction(RecordCursor record) {
        Fields fields = new Fields().with("transactionalId", TransactionLogKey.decode(record.keySlice())
                .transactionalId());
        if (record.valueLength() < 0) {
            return fields.with("forgotten", true);
        }
        TransactionLogValue value = TransactionLogValue.decode(record.valueSlice());
        return fields.with("status", value.status().toString()).with("producerId", value.identity().producerId())
                .with("producerEpoch", value.identity().producerEpoch())
                .with("previousProducerId", value.identity().previousProducerId())
                .with("nextProducerId", value.identity().nextProducerId())
                .with("nextProducerEpoch", value.identity().nextProducerEpoch())
                .with("clientVersion", value.identity().clientVersion())
                .with("timeoutMs", value.timeoutMs()).with("home", value.home().toString())
                .with("partitions", partitions(value)).with("lastUpdate", Shown.time(value.lastUpdateTimestampMs()))
                .with("start", Shown.time(value.startTimestampMs()));
    }

    private static List<Fields> partitions(TransactionLogValue value) {
        List<Fields> partitions = new ArrayList<>();
        if (value.topics() == null) {
            return partitions;
        }
        value.topics().forEach(topic -> {
            for (int partition : topic.partitions()) {
                Fields fields = new Fields().with("topic", topic.topic()).with("partition", partition).with("id", topic
                        .id().toString());
                partitions.add(value.firstOffsets().length == 0 ? fields
                        : fields.with("firstOffset", value.firstOffsets()[partitions.size()]));
            }
        });
        return partitions;
    }

    private static Fields offsets(RecordCursor record) {
        return switch (OffsetsRecordType.of(record.keySlice())) {
            case OFFSET_COMMIT -> commit(record);
            case GROUP_METADATA -> group(record);
            case CONSUMER_GROUP -> consumerGroup(record);
        };
    }

    private static Fields commit(RecordCursor record) {
        OffsetCommitKey key = OffsetCommitKey.decode(record.keySlice());
        Fields fields = new Fields().with("type", "OFFSET_COMMIT").with("group", key.group()).with("topic", key.topic())
                .with("partition", key.partition());
        if (record.valueLength() < 0) {
            return fields.with("deleted", true);
        }
        OffsetCommitValue value = OffsetCommitValue.decode(record.valueSlice());
        return fields.with("committed", value.offset()).with("leaderEpoch", value.leaderEpoch()).with("metadata", value
                .metadata()).with("time", Shown.time(value.commitTimestampMs())).with("topicId", value.topicId()
                        .toString());
    }

    private static Fields consumerGroup(RecordCursor record) {
        Fields fields = new Fields().with("type", "CONSUMER_GROUP").with("group", ConsumerGroupKey.decode(record
                .keySlice()).group());
        return record.valueLength() < 0
                ? fields.with("deleted", true)
                : fields.with("epoch", ConsumerGroupValue.decode(record.valueSlice()).epoch());
    }

    private static Fields group(RecordCursor record) {
        Fields fields = new Fields().with("type", "GROUP_METADATA").with("group", GroupMetadataKey.decode(record
                .keySlice()).group());
        if (record.valueLength() < 0) {
            return fields.with("deleted", true);
        }
        GroupMetadataValue value = GroupMetadataValue.decode(record.valueSlice());
        return fields.with("protocolType", value.protocolType()).with("generation", value.generation()).with("protocol",
                String.valueOf(value.protocol())).with("leader", String.valueOf(value.leader())).with("time", Shown
                        .time(value.currentStateTimestampMs())).with("members", value.members().stream().map(
                                member -> new Fields().with("memberId", member.memberId()).with("clientId", member
                                        .clientId()).with("host", member.clientHost()).with("instanceId", String
                                                .valueOf(member.groupInstanceId())).with("sessionTimeoutMs", member
                                                        .sessionTimeoutMs()).with("rebalanceTimeoutMs", member
                                                                .rebalanceTimeoutMs()).with("subscriptionBytes", member
                                                                        .subscription().length).with("assignmentBytes",
                                                                                member.assignment().length)).toList());
    }
}
