package io.semel.server.network.produce;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Encodes the answer to a Produce request, topic by topic in the order of the request.
 *
 * <pre>
 * topics: name string (to 12) or id uuid (13+) | partitions:
 *     index int32 | error int16 | base offset int64 | log append time int64 | log start offset int64 (5+) |
 *     record errors: batch index int32 | message nullable string (8+) | error message nullable string (8+)
 * throttle time int32
 * </pre>
 *
 * From version 9 on strings and arrays are compact, and every structure ends with tagged fields. Those of version 10
 * name another leader; there is none.
 *
 * <p>Thread rule: one thread.
 */
final class ProduceResponse {
    private static final int ESTIMATED_PARTITION_BYTES = 64;
    private static final int ESTIMATED_TOPIC_BYTES = 64;
    private static final int VARINT_BITS = 7;
    private static final int VARINT_PAYLOAD = 0x7f;
    private static final int VARINT_MORE = 0x80;

    /** Topics keep the time that producers give; Kafka says so by this. */
    private static final long NO_APPEND_TIME = -1;

    private final ByteBuf body;
    private final short version;

    private ProduceResponse(ByteBuf body, short version) {
        this.body = body;
        this.version = version;
    }

    /** @param outcomes of all partitions, in the order of the request */
    static ByteBuf encode(short version, ProduceRequest request, List<Outcome> outcomes) {
        int estimate = request.topics().size() * ESTIMATED_TOPIC_BYTES + outcomes.size() * ESTIMATED_PARTITION_BYTES;
        ByteBuf body = ByteBufAllocator.DEFAULT.directBuffer(estimate + Long.BYTES);
        try {
            new ProduceResponse(body, version).write(request, outcomes.iterator());
            return body;
        } catch (RuntimeException | Error e) {
            body.release();
            throw e;
        }
    }

    private void write(ProduceRequest request, Iterator<Outcome> outcomes) {
        writeCount(request.topics().size());
        for (ProduceRequest.Topic topic : request.topics()) {
            if (version >= ProduceVersions.TOPIC_IDS) {
                body.writeLong(topic.id().getMostSignificantBits()).writeLong(topic.id().getLeastSignificantBits());
            } else {
                writeString(topic.name());
            }
            writeCount(topic.partitions().size());
            for (int left = topic.partitions().size(); left > 0; left--) {
                write(outcomes.next());
            }
            writeNoTags();
        }
        body.writeInt(0);
        writeNoTags();
    }

    private void write(Outcome outcome) {
        body.writeInt(outcome.partition()).writeShort(outcome.rejection().error().code());
        body.writeLong(outcome.baseOffset()).writeLong(NO_APPEND_TIME);
        if (version >= ProduceVersions.LOG_START_OFFSET) {
            body.writeLong(outcome.logStartOffset());
        }
        if (version >= ProduceVersions.RECORD_ERRORS) {
            writeCount(outcome.rejection().records().size());
            for (Rejection.RecordError record : outcome.rejection().records()) {
                body.writeInt(record.index());
                writeMessage(record.message());
                writeNoTags();
            }
            writeMessage(outcome.rejection().message());
        }
        writeNoTags();
    }

    private void writeCount(int count) {
        if (isFlexible()) {
            writeUnsignedVarint(count + 1);
        } else {
            body.writeInt(count);
        }
    }

    private void writeMessage(String message) {
        if (!message.isEmpty()) {
            writeString(message.length() > Short.MAX_VALUE / 4 ? message.substring(0, Short.MAX_VALUE / 4) : message);
        } else if (isFlexible()) {
            body.writeByte(0);
        } else {
            body.writeShort(-1);
        }
    }

    private void writeString(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (isFlexible()) {
            writeUnsignedVarint(bytes.length + 1);
        } else {
            body.writeShort(bytes.length);
        }
        body.writeBytes(bytes);
    }

    private void writeNoTags() {
        if (isFlexible()) {
            body.writeByte(0);
        }
    }

    private boolean isFlexible() {
        return version >= ProduceVersions.FLEXIBLE;
    }

    private void writeUnsignedVarint(int value) {
        int rest = value;
        while ((rest & ~VARINT_PAYLOAD) != 0) {
            body.writeByte(rest & VARINT_PAYLOAD | VARINT_MORE);
            rest >>>= VARINT_BITS;
        }
        body.writeByte(rest);
    }
}
