package io.semel.transactions.records;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

import io.semel.idempotence.DeadIds;
import io.semel.transactions.records.MetadataRecord.AccessRule;
import io.semel.transactions.records.MetadataRecord.ProducerIdBlock;
import io.semel.transactions.records.MetadataRecord.ProducerIdsDead;
import io.semel.transactions.records.MetadataRecord.TopicConfig;
import io.semel.transactions.records.MetadataRecord.TopicCreated;
import io.semel.transactions.records.MetadataRecord.TopicDeleted;
import io.semel.transactions.records.MetadataRecord.TopicGrown;

/** The bytes of a {@link MetadataRecord}; the picture is there. Stateless. */
final class MetadataRecordCodec {

    static final short TOPIC_CREATED = 1;
    static final short TOPIC_DELETED = 2;
    static final short TOPIC_CONFIG = 3;
    static final short PRODUCER_ID_BLOCK = 4;
    static final short PRODUCER_IDS_DEAD = 5;
    static final short TOPIC_GROWN = 6;
    static final short ACCESS_RULE = 7;

    private static final short VERSION = 0;
    /** Two empty strings: bounds the count that a reader believes. */
    private static final int SHORTEST_CONFIG_LENGTH = 2 * Short.BYTES;

    private MetadataRecordCodec() {
    }

    static FieldWriter encodeKey(MetadataRecord record, FieldWriter writer) {
        return writer.int16(type(record)).uuid(record.id());
    }

    static FieldWriter encodeValue(MetadataRecord record, FieldWriter writer) {
        writer.int16(type(record)).int16(VERSION);
        if (record instanceof TopicCreated created) {
            writer.string(created.name()).int32(created.partitionCount());
            return encodeConfigs(created.configs(), writer).int64(created.timestampMs());
        }
        if (record instanceof TopicDeleted deleted) {
            return writer.string(deleted.name()).int64(deleted.timestampMs());
        }
        if (record instanceof TopicConfig config) {
            return encodeConfigs(config.configs(), writer);
        }
        if (record instanceof ProducerIdsDead dead) {
            return writer.bytes(dead.dead());
        }
        if (record instanceof TopicGrown grown) {
            return writer.int32(grown.partitionCount());
        }
        if (record instanceof AccessRule rule) {
            return rule.entry().encode(writer).int8(rule.standing().ordinal());
        }
        return writer.int64(((ProducerIdBlock) record).nextProducerId());
    }

    static MetadataRecord decode(ByteBuffer keyBytes, ByteBuffer valueBytes) {
        FieldReader key = new FieldReader("metadata key", keyBytes);
        FieldReader value = new FieldReader("metadata value", valueBytes);
        short type = key.int16Within("type", TOPIC_CREATED, ACCESS_RULE);
        UUID id = key.uuid();
        key.end();
        value.int16Within("type", type, type);
        value.int16Within("version", VERSION, VERSION);
        MetadataRecord record = decodeValue(type, id, value);
        value.end();
        return record;
    }

    private static MetadataRecord decodeValue(short type, UUID id, FieldReader value) {
        return switch (type) {
            case TOPIC_CREATED ->
                new TopicCreated(id, value.string(), value.int32(), configs(value), value.int64());
            case TOPIC_DELETED -> new TopicDeleted(id, value.string(), value.int64());
            case TOPIC_CONFIG -> new TopicConfig(id, configs(value));
            case PRODUCER_ID_BLOCK -> new ProducerIdBlock(value.int64());
            case PRODUCER_IDS_DEAD -> new ProducerIdsDead(id.getLeastSignificantBits(), deadIds(value));
            case TOPIC_GROWN -> new TopicGrown(id, value.int32());
            case ACCESS_RULE -> accessRule(id, value);
            default -> throw value.corrupt("type " + type + " is not known");
        };
    }

    private static AccessRule accessRule(UUID id, FieldReader value) {
        AccessEntry entry = AccessEntry.decode(value);
        int standing = value.int8();
        if (standing < 0 || standing >= AccessRule.Standing.values().length || !entry.id().equals(id)) {
            throw value.corrupt("standing=" + standing + " of an ACL with id " + entry.id() + " under the key of "
                    + id);
        }
        return new AccessRule(entry, AccessRule.Standing.values()[standing]);
    }

    private static byte[] deadIds(FieldReader value) {
        byte[] dead = value.bytes();
        if (dead.length != DeadIds.BLOCK_BYTES) {
            throw value.corrupt("a block of dead producer ids has " + DeadIds.BLOCK_BYTES + " bytes, and not "
                    + dead.length);
        }
        return dead;
    }

    private static short type(MetadataRecord record) {
        if (record instanceof TopicCreated) {
            return TOPIC_CREATED;
        }
        if (record instanceof TopicDeleted) {
            return TOPIC_DELETED;
        }
        if (record instanceof ProducerIdsDead) {
            return PRODUCER_IDS_DEAD;
        }
        if (record instanceof TopicGrown) {
            return TOPIC_GROWN;
        }
        if (record instanceof AccessRule) {
            return ACCESS_RULE;
        }
        return record instanceof TopicConfig ? TOPIC_CONFIG : PRODUCER_ID_BLOCK;
    }

    /** In the order of their names: one configuration has one encoding. */
    private static FieldWriter encodeConfigs(Map<String, String> configs, FieldWriter writer) {
        writer.arrayCount(configs.size());
        new TreeMap<>(configs).forEach((name, value) -> writer.string(name).string(value));
        return writer;
    }

    private static Map<String, String> configs(FieldReader reader) {
        int count = reader.arrayCount(SHORTEST_CONFIG_LENGTH);
        Map<String, String> configs = new HashMap<>();
        for (int i = 0; i < count; i++) {
            String name = reader.string();
            if (configs.put(name, reader.string()) != null) {
                throw reader.corrupt("config " + name + " stands there twice");
            }
        }
        return configs;
    }
}
