package io.semel.server.network.produce;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.Semel;
import io.semel.server.network.request.Answer;
import io.semel.server.network.request.Authorizer;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Node;
import io.semel.server.network.request.Nodes;
import io.semel.server.network.request.Peer;
import io.semel.server.network.request.RequestHead;
import io.semel.server.network.request.Served;
import io.semel.server.network.request.ServerSettings;
import io.semel.wire.protocol.ApiKeys;

import com.sun.management.ThreadMXBean;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a request costs the heap from its frame to its answer: for its objects, and nothing for its records. */
class ProduceAllocationTest {
    private static final int RECORDS = 160;
    private static final int ROUNDS = 2_000;

    /** A request's few objects and its answer; twelve bytes a record, and none of them for a record's own bytes. */
    private static final long MOST_BYTES_PER_REQUEST = 2_000;

    @TempDir
    Path directory;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Sink sink = new Sink();

    /** Takes answers at once, and runs what is to come again in the same thread, as an event loop does. */
    private static final class Sink implements Exchange.AnswerSink {
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
        private int answers;

        @Override
        public void answer(Exchange exchange, Answer answer) {
            ((Answer.Bytes) answer).body().release();
            answers++;
        }

        @Override
        public void fail(Exchange exchange, Throwable cause) {
            throw new AssertionError(cause);
        }

        @Override
        public void runLater(Runnable task, long delayMs) {
            tasks.add(task);
        }

        @Override
        public boolean isClosed() {
            return false;
        }
    }

    @Test
    void recordsCostTheHeapNothing() throws Exception {
        try (Semel semel = Semel.open(directory)) {
            semel.admin().createTopic("t", 1, Map.of());
            Node node = new Node(1, "localhost", 9092);
            ProduceHandler handler = new ProduceHandler(new Served(semel.runtime().broker(), semel.runtime().clock(),
                    new Nodes(List.of(node)), ServerSettings.DEFAULT, Runnable::run, Authorizer.ALLOW_ALL));
            Peer peer = new Peer("localhost", node);
            ByteBuffer request = request();
            run(handler, peer, request);
            long before = threads.getCurrentThreadAllocatedBytes();
            long between = threads.getCurrentThreadAllocatedBytes();
            run(handler, peer, request);
            long after = threads.getCurrentThreadAllocatedBytes();
            long perRequest = (after - between - (between - before)) / ROUNDS;
            assertEquals(2 * ROUNDS, sink.answers);
            assertTrue(perRequest <= MOST_BYTES_PER_REQUEST, perRequest + " bytes are allocated per request of "
                    + RECORDS + " records and " + request.remaining() + " bytes");
        }
    }

    private static ByteBuffer request() {
        String[] values = new String[RECORDS];
        Arrays.fill(values, "v".repeat(100));
        MemoryRecords records = Batches.plain(values);
        TopicProduceData topic = new TopicProduceData().setName("t");
        topic.partitionData().add(new PartitionProduceData().setRecords(records));
        ProduceRequestData data = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(30_000);
        data.topicData().add(topic);
        ByteBuffer bytes = MessageUtil.toByteBufferAccessor(data, (short) 12).buffer();
        return ByteBuffer.allocateDirect(bytes.remaining()).put(bytes).flip();
    }

    private void run(ProduceHandler handler, Peer peer, ByteBuffer request) {
        int answered = sink.answers;
        for (int round = 0; round < ROUNDS; round++) {
            handler.handle(request.duplicate(), new Exchange(new RequestHead(ApiKeys.PRODUCE, (short) 12, round,
                    "client"), peer, sink));
            while (sink.answers <= answered + round) {
                sink.tasks.remove().run();
            }
        }
    }
}
