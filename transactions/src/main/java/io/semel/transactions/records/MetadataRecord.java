package io.semel.transactions.records;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;

/**
 * A record of {@code __semel_metadata}, Semel's own format.
 *
 * <pre>
 *   key     type:int16   id:uuid                    one key per topic and kind, so that compaction can work
 *   value   type:int16   version:int16 = 0   and then
 *     1 TOPIC_CREATED      name:string   partitionCount:int32   configs:[name:string value:string]   timestampMs:int64
 *     2 TOPIC_DELETED      name:string   timestampMs:int64
 *     3 TOPIC_CONFIG       configs:[name:string value:string]
 *     4 PRODUCER_ID_BLOCK  nextProducerId:int64
 *     5 PRODUCER_IDS_DEAD  dead:bytes                a bit for each id of the block, the lowest one first
 *     6 TOPIC_GROWN        partitionCount:int32      of the topic from here on; never less than before
 *     7 ACCESS_RULE        resourceType:int8   patternType:int8   resource:string   principal:string   host:string
 *                          operation:int8   permissionType:int8   standing:int8 = 1 in force, 0 removed
 * </pre>
 *
 * <p>The type stands in the value too: a value that is paired with another's key is noticed.
 */
public sealed interface MetadataRecord {

    /**
     * What the record is about: a topic's id, the number of a block of producer ids, an ACL's id, or the zero UUID
     * where there is only one thing of its kind.
     */
    UUID id();

    /** Topics and configurations are replaced as a whole: {@code configs} is the topic's complete set. */
    record TopicCreated(UUID id, String name, int partitionCount, Map<String, String> configs, long timestampMs)
            implements
            MetadataRecord {
        public TopicCreated {
            configs = Map.copyOf(configs);
        }

        /** The topic as {@code change} leaves it: another one's leaves it as it is. */
        public TopicCreated with(TopicConfig change) {
            return change.id().equals(id)
                    ? new TopicCreated(id, name, partitionCount, change.configs(), timestampMs)
                    : this;
        }

        /** As above. Partitions are never taken away. */
        public TopicCreated with(TopicGrown change) {
            return change.id().equals(id)
                    ? new TopicCreated(id, name, Math.max(partitionCount, change.partitionCount()), configs,
                            timestampMs)
                    : this;
        }
    }

    record TopicDeleted(UUID id, String name, long timestampMs) implements MetadataRecord {
    }

    /** The topic's complete configuration from here on. */
    record TopicConfig(UUID id, Map<String, String> configs) implements MetadataRecord {
        public TopicConfig {
            configs = Map.copyOf(configs);
        }
    }

    /** The topic has this many partitions from here on; those that it had stay as they are. */
    record TopicGrown(UUID id, int partitionCount) implements MetadataRecord {
    }

    /** An ACL is in force from here on, or not any more. It has one id, however often it comes and goes. */
    record AccessRule(AccessEntry entry, Standing standing) implements MetadataRecord {
        /** In the order of their codes. */
        public enum Standing {
            REMOVED, IN_FORCE
        }

        @Override
        public UUID id() {
            return entry.id();
        }
    }

    /** Ids below this may have been handed out; a restart issues none of them again. */
    record ProducerIdBlock(long nextProducerId) implements MetadataRecord {
        private static final UUID ONLY_ONE = new UUID(0, 0);

        @Override
        public UUID id() {
            return ONLY_ONE;
        }
    }

    /**
     * These producer ids are dead for ever, and so are those that earlier records of the block name: it names them
     * again.
     */
    record ProducerIdsDead(long block, byte[] dead) implements MetadataRecord {
        @Override
        public UUID id() {
            return new UUID(0, block);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof ProducerIdsDead that && block == that.block && Arrays.equals(dead, that.dead);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(block) + 31 * Arrays.hashCode(dead);
        }
    }

    default ByteBuffer encodeKey() {
        return MetadataRecordCodec.encodeKey(this, new FieldWriter()).toBuffer();
    }

    default ByteBuffer encodeValue() {
        return MetadataRecordCodec.encodeValue(this, new FieldWriter()).toBuffer();
    }

    static MetadataRecord decode(ByteBuffer key, ByteBuffer value) {
        return MetadataRecordCodec.decode(key, value);
    }
}
