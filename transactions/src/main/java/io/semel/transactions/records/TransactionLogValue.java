package io.semel.transactions.records;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * Value of a record in {@code __transaction_state}. Reads versions 0 and 1, writes 1.
 *
 * <pre>
 *   version:int16   producerId:int64   producerEpoch:int16   timeoutMs:int32   status:int8
 *   partitions:[topic:string partitions:[int32]]?   lastUpdateTimestampMs:int64   startTimestampMs:int64
 *   tagged (1+), each only where it differs from its default:
 *       0 previousProducerId:int64 = -1   1 nextProducerId:int64 = -1
 *       2 clientVersion:int16 = 0         3 nextProducerEpoch:int16 = -1
 *   Semel's own, skipped by Kafka:
 *       10000 home:int8 = REMOTE          10001 firstOffsets:[int64] = empty
 *       10002 prepared:int8 = 0           10003 renewedEpoch:int16 = -1
 *   Semel's own in each topic, skipped by Kafka:
 *       10000 id:uuid = zero
 * </pre>
 *
 * <p>{@code firstOffsets} has one element per partition, in the order in which {@code topics} lists them: the offset of
 * the transaction's first record there. With it recovery tells the decided transaction from a later one of the same
 * producer id and epoch. A record that Kafka wrote has neither of the two: its producer was at the other end of a
 * connection.
 *
 * @param topics       null in Kafka's records of an empty transaction; {@link #partitionCount()} then is 0
 * @param firstOffsets empty, or one per partition; not copied, leave it alone
 */
public record TransactionLogValue(TransactionIdentity identity, int timeoutMs, TransactionStatus status,
        List<TransactionTopic> topics, long lastUpdateTimestampMs, long startTimestampMs, TransactionHome home,
        long[] firstOffsets) {

    public static final long NO_TIMESTAMP = -1L;
    public static final long[] NO_FIRST_OFFSETS = {};

    static final short FLEXIBLE_VERSION = 1;

    public TransactionLogValue {
        topics = topics == null ? null : List.copyOf(topics);
        int partitions = partitionCount(topics);
        if (firstOffsets.length != 0 && firstOffsets.length != partitions) {
            throw new IllegalArgumentException("firstOffsets has " + firstOffsets.length + " elements for " + partitions
                    + " partitions; give one for each, or none");
        }
    }

    public int partitionCount() {
        return partitionCount(topics);
    }

    public ByteBuffer encode() {
        return encode(new FieldWriter()).toBuffer();
    }

    public FieldWriter encode(FieldWriter writer) {
        writer.int16(FLEXIBLE_VERSION).encoding(Encoding.COMPACT).int64(identity.producerId())
                .int16(identity.producerEpoch()).int32(timeoutMs).int8(status.id());
        encodeTopics(writer);
        writer.int64(lastUpdateTimestampMs).int64(startTimestampMs);
        TransactionTags.encode(this, writer);
        return writer;
    }

    private void encodeTopics(FieldWriter writer) {
        if (topics == null) {
            writer.nullArray();
            return;
        }
        writer.arrayCount(topics.size());
        for (TransactionTopic topic : topics) {
            writer.string(topic.topic()).arrayCount(topic.partitions().length);
            for (int partition : topic.partitions()) {
                writer.int32(partition);
            }
            encodeTopicTags(topic, writer);
        }
    }

    private static void encodeTopicTags(TransactionTopic topic, FieldWriter writer) {
        if (topic.id().equals(TransactionTopic.NO_ID)) {
            writer.unsignedVarint(0);
        } else {
            writer.unsignedVarint(1).tag(Tag.TXN_TOPIC_ID, 2 * Long.BYTES).uuid(topic.id());
        }
    }

    public static TransactionLogValue decode(ByteBuffer value) {
        FieldReader reader = new FieldReader("transaction value", value);
        short version = reader.int16Within("version", 0, FLEXIBLE_VERSION);
        boolean flexible = version >= FLEXIBLE_VERSION;
        reader.encoding(flexible ? Encoding.COMPACT : Encoding.FIXED);

        long producerId = reader.int64();
        short producerEpoch = reader.int16();
        int timeoutMs = reader.int32();
        TransactionStatus status = TransactionStatus.of(reader.int8(), reader);
        List<TransactionTopic> topics = topics(reader, flexible);
        long lastUpdateTimestampMs = reader.int64();
        long startTimestampMs = reader.int64();
        TransactionTags tags = new TransactionTags();
        if (flexible) {
            reader.taggedFields(tags);
        }
        reader.end();
        if (tags.firstOffsets.length != 0 && tags.firstOffsets.length != partitionCount(topics)) {
            throw reader.corrupt(tags.firstOffsets.length + " first offsets for " + partitionCount(topics)
                    + " partitions");
        }
        return new TransactionLogValue(tags.identity(producerId, producerEpoch), timeoutMs, tags.status(status,
                reader), topics,
                lastUpdateTimestampMs, startTimestampMs, tags.home, tags.firstOffsets);
    }

    private static List<TransactionTopic> topics(FieldReader reader, boolean flexible) {
        int count = reader.nullableArrayCount(TransactionTopic.SHORTEST_LENGTH);
        if (count == -1) {
            return null;
        }
        TransactionTopic[] topics = new TransactionTopic[count];
        for (int i = 0; i < count; i++) {
            String topic = reader.string();
            int[] partitions = new int[reader.arrayCount(Integer.BYTES)];
            for (int j = 0; j < partitions.length; j++) {
                partitions[j] = reader.int32();
            }
            topics[i] = new TransactionTopic(topic, partitions, flexible ? topicId(reader) : TransactionTopic.NO_ID);
        }
        return List.of(topics);
    }

    private static UUID topicId(FieldReader reader) {
        UUID[] id = {TransactionTopic.NO_ID};
        reader.taggedFields((tag, field) -> {
            if (tag != Tag.TXN_TOPIC_ID) {
                return false;
            }
            id[0] = field.uuid();
            return true;
        });
        return id[0];
    }

    private static int partitionCount(List<TransactionTopic> topics) {
        int count = 0;
        if (topics != null) {
            for (TransactionTopic topic : topics) {
                count += topic.partitions().length;
            }
        }
        return count;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TransactionLogValue that && encode().equals(that.encode());
    }

    @Override
    public int hashCode() {
        return encode().hashCode();
    }

    @Override
    public String toString() {
        return "TransactionLogValue[" + identity + " timeoutMs=" + timeoutMs + " status=" + status + " topics=" + topics
                + " lastUpdateTimestampMs=" + lastUpdateTimestampMs + " startTimestampMs=" + startTimestampMs + " home="
                + home + " firstOffsets=" + Arrays.toString(firstOffsets) + "]";
    }
}
