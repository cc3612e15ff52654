package io.semel.server.network.produce;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.semel.server.network.produce.Rejection.RecordError;
import io.semel.wire.protocol.Errors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Our codec of Produce against the one that kafka-clients generates, byte for byte, in every version (P1). */
class ProduceCodecTest {
    private static final int ROUNDS = 60;

    private final Random random = new Random(20260711);

    @Test
    void requestsOfEveryVersionAreReadAsKafkaWritesThem() {
        for (short version = ProduceVersions.FIRST; version <= ProduceRequestData.HIGHEST_SUPPORTED_VERSION;
                version++) {
            for (int round = 0; round < ROUNDS; round++) {
                ProduceRequestData data = request(version);
                ByteBuffer bytes = MessageUtil.toByteBufferAccessor(data, version).buffer();
                assertSame(data, ProduceRequest.read(bytes.duplicate(), version), bytes, version);
            }
        }
    }

    private ProduceRequestData request(short version) {
        ProduceRequestData data = new ProduceRequestData().setAcks((short) (random.nextInt(3) - 1)).setTimeoutMs(random
                .nextInt()).setTransactionalId(random.nextBoolean() ? null : text());
        for (int topics = random.nextInt(4); topics > 0; topics--) {
            TopicProduceData topic = new TopicProduceData();
            if (version >= ProduceVersions.TOPIC_IDS) {
                topic.setTopicId(Uuid.randomUuid());
            } else {
                topic.setName(text() + topics);
            }
            for (int partitions = random.nextInt(4); partitions > 0; partitions--) {
                byte[] records = new byte[random.nextInt(300)];
                random.nextBytes(records);
                topic.partitionData().add(new PartitionProduceData().setIndex(random.nextInt()).setRecords(
                        MemoryRecords.readableRecords(ByteBuffer.wrap(records))));
            }
            data.topicData().add(topic);
        }
        return data;
    }

    private String text() {
        return "t\u00e9xt\u4e2d".repeat(random.nextInt(20)) + random.nextInt(10);
    }

    private static void assertSame(ProduceRequestData expected, ProduceRequest read, ByteBuffer bytes, short version) {
        assertEquals(expected.transactionalId() == null ? "" : expected.transactionalId(), read.transactionalId());
        assertEquals(expected.acks(), read.acks());
        assertEquals(expected.timeoutMs(), read.timeoutMs());
        assertEquals(expected.topicData().size(), read.topics().size());
        int at = 0;
        for (TopicProduceData topic : expected.topicData()) {
            ProduceRequest.Topic same = read.topics().get(at++);
            if (version >= ProduceVersions.TOPIC_IDS) {
                assertEquals(topic.topicId().getMostSignificantBits(), same.id().getMostSignificantBits());
                assertEquals(topic.topicId().getLeastSignificantBits(), same.id().getLeastSignificantBits());
            } else {
                assertEquals(topic.name(), same.name());
            }
            assertEquals(topic.partitionData().size(), same.partitions().size());
            for (int index = 0; index < same.partitions().size(); index++) {
                ProduceRequest.Records records = same.partitions().get(index);
                assertEquals(topic.partitionData().get(index).index(), records.partition());
                assertEquals(((MemoryRecords) topic.partitionData().get(index).records()).buffer(), bytes.slice(records
                        .position(), records.length()));
            }
        }
    }

    @Test
    void recordsThatAreNullAreNone() {
        for (short version = ProduceVersions.FIRST; version <= ProduceRequestData.HIGHEST_SUPPORTED_VERSION;
                version++) {
            ProduceRequestData data = new ProduceRequestData();
            TopicProduceData topic = new TopicProduceData().setName(version < ProduceVersions.TOPIC_IDS ? "t" : "");
            topic.partitionData().add(new PartitionProduceData().setRecords(null));
            data.topicData().add(topic);
            ByteBuffer bytes = MessageUtil.toByteBufferAccessor(data, version).buffer();
            assertEquals(0, ProduceRequest.read(bytes, version).topics().get(0).partitions().get(0).length());
        }
    }

    @Test
    void aRequestThatIsCutOffOrTooLongIsRefused() {
        for (short version = ProduceVersions.FIRST; version <= ProduceRequestData.HIGHEST_SUPPORTED_VERSION;
                version++) {
            byte[] bytes = bytesOf(request(version), version);
            for (int length = 0; length < bytes.length; length++) {
                ByteBuffer cut = ByteBuffer.wrap(bytes, 0, length);
                short same = version;
                assertThrows(IllegalArgumentException.class, () -> ProduceRequest.read(cut, same));
            }
            ByteBuffer longer = ByteBuffer.wrap(Arrays.copyOf(bytes, bytes.length + 1));
            short same = version;
            assertThrows(IllegalArgumentException.class, () -> ProduceRequest.read(longer, same));
        }
    }

    /** P1: nothing but a refusal comes of bytes that were changed, and no more is allocated than they could hold. */
    @Test
    void changedBytesAreReadOrRefused() {
        for (int round = 0; round < 20_000; round++) {
            short version = (short) (ProduceVersions.FIRST + random.nextInt(11));
            byte[] bytes = bytesOf(request(version), version);
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                ProduceRequest.read(ByteBuffer.wrap(bytes), version);
            } catch (IllegalArgumentException e) {
                assertTrue(e.getMessage().length() > 10);
            }
        }
    }

    @Test
    void answersOfEveryVersionAreWrittenAsKafkaWritesThem() {
        for (short version = ProduceVersions.FIRST; version <= ProduceResponseData.HIGHEST_SUPPORTED_VERSION;
                version++) {
            for (int round = 0; round < ROUNDS; round++) {
                assertAnsweredAlike(version);
            }
        }
    }

    private void assertAnsweredAlike(short version) {
        ProduceRequest request = ProduceRequest.read(MessageUtil.toByteBufferAccessor(request(version), version)
                .buffer(), version);
        ProduceResponseData data = new ProduceResponseData();
        List<Outcome> outcomes = new ArrayList<>();
        for (ProduceRequest.Topic topic : request.topics()) {
            TopicProduceResponse response = new TopicProduceResponse().setName(topic.name()).setTopicId(kafkas(topic
                    .id()));
            for (ProduceRequest.Records records : topic.partitions()) {
                Outcome outcome = new Outcome(records.partition(), rejection(), random.nextLong(), random.nextLong());
                outcomes.add(outcome);
                response.partitionResponses().add(expected(outcome));
            }
            data.responses().add(response);
        }
        ByteBuf encoded = ProduceResponse.encode(version, request, outcomes);
        try {
            assertArrayEquals(bytesOf(data, version), ByteBufUtil.getBytes(encoded), "version " + version);
        } finally {
            encoded.release();
        }
    }

    private Rejection rejection() {
        if (random.nextBoolean()) {
            return Rejection.NONE;
        }
        List<RecordError> records = new ArrayList<>();
        for (int left = random.nextInt(3); left > 0; left--) {
            records.add(new RecordError(random.nextInt(), text()));
        }
        return new Rejection(Errors.INVALID_RECORD, random.nextBoolean() ? "" : text(), records);
    }

    private static PartitionProduceResponse expected(Outcome outcome) {
        PartitionProduceResponse expected = new PartitionProduceResponse().setIndex(outcome.partition()).setErrorCode(
                outcome.rejection().error().code()).setBaseOffset(outcome.baseOffset()).setLogStartOffset(outcome
                        .logStartOffset()).setErrorMessage(outcome.rejection().message().isEmpty()
                                ? null
                                : outcome.rejection().message());
        outcome.rejection().records().forEach(each -> expected.recordErrors().add(new BatchIndexAndErrorMessage()
                .setBatchIndex(each.index()).setBatchIndexErrorMessage(each.message())));
        return expected;
    }

    private static Uuid kafkas(UUID id) {
        return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    private static byte[] bytesOf(Message message, short version) {
        ByteBufferAccessor accessor = MessageUtil.toByteBufferAccessor(message, version);
        byte[] bytes = new byte[accessor.buffer().remaining()];
        accessor.buffer().get(bytes);
        return bytes;
    }
}
