package io.semel.server.network.fetch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.semel.client.Semel;
import io.semel.server.network.fetch.WantedPartition.Key;
import io.semel.server.network.request.TopicIds;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionSpan;
import io.semel.wire.message.FetchRequestData.FetchPartition;
import io.semel.wire.protocol.Errors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** P1: what is written by hand is what kafka-clients' generated code writes, in every version. */
class FetchResponseWriterTest {
    private static final String LONG_NAME = "orders-" + "x".repeat(200);
    private static final int SESSION_ID = 0x1234567;

    @TempDir
    Path directory;

    private Semel semel;
    private Owner owner;

    @BeforeEach
    void write() throws IOException {
        semel = Semel.open(directory);
        semel.admin().createTopic(LONG_NAME, 3, Map.of());
        semel.admin().createTopic("payments", 1, Map.of());
        owner = new Owner(semel);
        owner.write("payments", 0, Owner.values("p", 3, 300));
        for (int transaction = 0; transaction < 200; transaction++) {
            owner.writeInTransaction(LONG_NAME, 1, "aborted");
            owner.abort();
        }
        owner.write(LONG_NAME, 1, "kept");
    }

    @AfterEach
    void close() throws IOException {
        owner.close();
        semel.close();
    }

    static List<Short> versions() {
        return IntStream.rangeClosed(FetchResponseData.LOWEST_SUPPORTED_VERSION,
                FetchResponseData.HIGHEST_SUPPORTED_VERSION).mapToObj(version -> (short) version).toList();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void bytesAreThoseOfKafkasOwnCodec(short version) {
        List<FetchedPartition> found = List.of(
                found(version, "payments", 0, 0, Isolation.READ_UNCOMMITTED),
                FetchedPartition.refused(wanted(version, LONG_NAME, 7, 0), Errors.UNKNOWN_TOPIC_OR_PARTITION),
                found(version, LONG_NAME, 0, 0, Isolation.READ_COMMITTED),
                found(version, LONG_NAME, 1, 2, Isolation.READ_COMMITTED),
                found(version, "payments", 0, 1, Isolation.READ_COMMITTED));
        FetchResponseData expected = new FetchResponseData();
        if (version >= 7) {
            expected.setSessionId(SESSION_ID);
        }
        expected.responses().add(topic(found.subList(0, 1)));
        expected.responses().add(topic(found.subList(1, 4)));
        expected.responses().add(topic(found.subList(4, 5)));
        assertTrue(found.get(3).aborted().size() >= 199, "a list longer than a byte");
        String theirs = ByteBufUtil.hexDump(bytes(MessageUtil.toByteBufferAccessor(expected, version).buffer()));
        ByteBuf body = FetchResponseWriter.write(version, Errors.NONE, SESSION_ID, found);
        assertEquals(theirs, ByteBufUtil.hexDump(body));
        body.release();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void anErrorOfTheWholeRequestIsToldByItself(short version) {
        FetchResponseData expected = new FetchResponseData();
        if (version >= 7) {
            expected.setErrorCode(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
        }
        ByteBuf body = FetchResponseWriter.write(version, Errors.FETCH_SESSION_ID_NOT_FOUND, 0, List.of());
        assertEquals(ByteBufUtil.hexDump(bytes(MessageUtil.toByteBufferAccessor(expected, version).buffer())),
                ByteBufUtil.hexDump(body));
        body.release();
    }

    @Test
    void theBytesOfAnAnswerAreTheMappedBytesThemselves() {
        FetchedPartition found = found((short) 12, "payments", 0, 0, Isolation.READ_UNCOMMITTED);
        Partition partition = owner.partition("payments", 0);
        PartitionSpan mapped = partition.span(0, 1, PartitionSpan.Least.ONE_BATCH, Isolation.READ_UNCOMMITTED);
        int leases = mapped.region().leases();
        ByteBuf body = FetchResponseWriter.write((short) 12, Errors.NONE, 0, List.of(found));
        assertTrue(body.isDirect(), "netty would copy it");
        ByteBuffer[] parts = body.nioBuffers();
        assertEquals(3, parts.length);
        byte before = mapped.buffer().get(mapped.position());
        mapped.buffer().put(mapped.position(), (byte) 0x5a);
        assertEquals(0x5a, parts[1].get(parts[1].position()));
        mapped.buffer().put(mapped.position(), before);
        body.release();
        assertEquals(leases - 1, mapped.region().leases());
        mapped.release();
    }

    private FetchedPartition found(short version, String topic, int index, long offset, Isolation isolation) {
        Partition partition = owner.partition(topic, index);
        PartitionSpan span = partition.span(offset, 1 << 20, PartitionSpan.Least.ONE_BATCH, isolation);
        return FetchedPartition.found(wanted(version, topic, index, offset), partition, isolation, span, partition
                .startOffset());
    }

    private WantedPartition wanted(short version, String topic, int index, long offset) {
        io.semel.wire.Uuid id = TopicIds.kafkas(semel.runtime().broker().topic(topic).id());
        Key key = version >= 13 ? new Key("", id, index) : new Key(topic, io.semel.wire.Uuid.ZERO_UUID, index);
        return new WantedPartition(key, new FetchPartition().setFetchOffset(offset));
    }

    private static FetchableTopicResponse topic(List<FetchedPartition> found) {
        Key key = found.get(0).wanted().key();
        FetchableTopicResponse told = new FetchableTopicResponse().setTopic(key.topic()).setTopicId(new Uuid(key
                .topicId().getMostSignificantBits(), key.topicId().getLeastSignificantBits()));
        for (FetchedPartition each : found) {
            PartitionData partition = new PartitionData().setPartitionIndex(each.wanted().key().partition())
                    .setErrorCode(each.error().code()).setRecords(MemoryRecords.EMPTY).setAbortedTransactions(null)
                    .setHighWatermark(-1).setLastStableOffset(-1).setLogStartOffset(-1);
            if (each.isSound()) {
                partition.setHighWatermark(each.partition().readableOffset()).setLastStableOffset(each.partition()
                        .stableOffset()).setLogStartOffset(each.partition().startOffset()).setRecords(records(each));
            }
            if (each.hasAbortedList()) {
                partition.setAbortedTransactions(each.aborted().stream().map(aborted -> new AbortedTransaction()
                        .setProducerId(aborted.producerId()).setFirstOffset(aborted.firstOffset())).toList());
            }
            told.partitions().add(partition);
        }
        return told;
    }

    private static MemoryRecords records(FetchedPartition each) {
        PartitionSpan again = each.partition().span(each.wanted().fetchOffset(), 1 << 20,
                PartitionSpan.Least.ONE_BATCH, Isolation.READ_UNCOMMITTED);
        if (again.isEmpty()) {
            return MemoryRecords.EMPTY;
        }
        byte[] copy = new byte[again.lengthBytes()];
        again.buffer().get(again.position(), copy);
        again.release();
        return MemoryRecords.readableRecords(ByteBuffer.wrap(copy));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
