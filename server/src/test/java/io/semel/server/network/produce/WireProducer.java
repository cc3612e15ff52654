package io.semel.server.network.produce;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;

import io.semel.server.network.OpenServer;
import io.semel.server.network.WireClient;
import io.semel.server.network.WireClient.Sent;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** A connection that produces one partition's records at a time, in any version and whatever they are. */
final class WireProducer implements AutoCloseable {
    static final int NEWEST = 13;

    private final OpenServer open;
    private final WireClient client;
    private String transactionalId;
    private int acks = -1;
    private int timeoutMs = 20_000;

    WireProducer(OpenServer open) throws IOException {
        this.open = open;
        this.client = WireClient.to(open.server().port());
    }

    WireProducer transactional(String id) {
        transactionalId = id;
        return this;
    }

    WireProducer acks(int wanted) {
        acks = wanted;
        return this;
    }

    WireProducer timeoutMs(int ms) {
        timeoutMs = ms;
        return this;
    }

    Sent send(int version, String topic, int partition, MemoryRecords records) throws IOException {
        TopicProduceData data = new TopicProduceData();
        if (version >= ProduceVersions.TOPIC_IDS) {
            data.setTopicId(open.semel().runtime().broker().findTopic(topic).map(found -> new Uuid(found.id()
                    .getMostSignificantBits(), found.id().getLeastSignificantBits())).orElse(Uuid.METADATA_TOPIC_ID));
        } else {
            data.setName(topic);
        }
        data.partitionData().add(new PartitionProduceData().setIndex(partition).setRecords(records));
        ProduceRequestData request = new ProduceRequestData().setAcks((short) acks).setTimeoutMs(timeoutMs)
                .setTransactionalId(transactionalId);
        request.topicData().add(data);
        return client.send(ApiKeys.PRODUCE, version, request);
    }

    PartitionProduceResponse receive(Sent sent) throws IOException {
        ProduceResponseData response = client.receive(sent);
        return response.responses().iterator().next().partitionResponses().get(0);
    }

    PartitionProduceResponse ask(int version, String topic, MemoryRecords records) throws IOException {
        return receive(send(version, topic, 0, records));
    }

    /** The records are written, and begin at {@code offset}. */
    void put(long offset, String topic, MemoryRecords records) throws IOException {
        PartitionProduceResponse answer = ask(NEWEST, topic, records);
        assertEquals(Errors.NONE, Errors.forCode(answer.errorCode()), answer.errorMessage());
        assertEquals(offset, answer.baseOffset());
    }

    Errors refusal(int version, String topic, MemoryRecords records) throws IOException {
        PartitionProduceResponse answer = ask(version, topic, records);
        assertEquals(-1, answer.baseOffset());
        return Errors.forCode(answer.errorCode());
    }

    /** Waits until the server has closed the connection; false when it answers first. */
    boolean isClosedByServer() throws IOException {
        try {
            client.receiveRaw();
            return false;
        } catch (EOFException | SocketException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
