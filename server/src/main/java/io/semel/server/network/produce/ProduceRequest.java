package io.semel.server.network.produce;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What a Produce request says. Records are not taken out of its bytes: they are told by position and length.
 *
 * <pre>
 * transactional id nullable string (3+) | acks int16 | timeout ms int32 | topics:
 *   name string (to 12) or id uuid (13+) | partitions:
 *     index int32 | records: length int32, from 9 on unsigned varint of length + 1, and that many bytes
 * </pre>
 *
 * From version 9 on strings and arrays are compact, and every structure ends with tagged fields.
 *
 * @param transactionalId empty for none
 */
record ProduceRequest(String transactionalId, short acks, int timeoutMs, List<Topic> topics) {
    static final short NO_ANSWER = 0;
    static final short ONE_REPLICA = 1;
    static final short ALL_REPLICAS = -1;

    private static final UUID NO_ID = new UUID(0, 0);

    /** Of a topic without partitions, and of a partition without records, in the shorter encoding. */
    private static final int SHORTEST_TOPIC = 3;
    private static final int SHORTEST_PARTITION = Integer.BYTES + 1;

    /** @param name empty from version 13 on, where the id tells; before it is the other way round */
    record Topic(String name, UUID id, List<Records> partitions) {
    }

    record Records(int partition, int position, int length) {
    }

    /**
     * @param body big-endian, read from its position to its limit
     * @throws IllegalArgumentException when the bytes are no such request
     */
    static ProduceRequest read(ByteBuffer body, short version) {
        ProduceFields fields = new ProduceFields(body, version);
        String transactionalId = fields.nullableString();
        short acks = fields.int16();
        int timeoutMs = fields.int32();
        int count = fields.arrayCount(SHORTEST_TOPIC);
        List<Topic> topics = new ArrayList<>(Math.min(count, 16));
        for (int left = count; left > 0; left--) {
            topics.add(topic(fields, version));
        }
        fields.skipTags();
        fields.end();
        return new ProduceRequest(transactionalId, acks, timeoutMs, topics);
    }

    private static Topic topic(ProduceFields fields, short version) {
        boolean hasId = version >= ProduceVersions.TOPIC_IDS;
        String name = hasId ? "" : fields.string();
        UUID id = hasId ? fields.uuid() : NO_ID;
        int count = fields.arrayCount(SHORTEST_PARTITION);
        List<Records> partitions = new ArrayList<>(Math.min(count, 16));
        for (int left = count; left > 0; left--) {
            int index = fields.int32();
            int length = fields.skipRecords();
            partitions.add(new Records(index, fields.position() - length, length));
            fields.skipTags();
        }
        fields.skipTags();
        return new Topic(name, id, partitions);
    }
}
