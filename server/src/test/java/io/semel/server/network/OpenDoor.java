package io.semel.server.network;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.netty.buffer.Unpooled;
import io.semel.server.network.request.Answer;
import io.semel.server.network.request.ApiTable;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.ServerSettings;
import io.semel.wire.protocol.ApiKeys;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A door behind which the test itself answers: heartbeats wait until it does, a request for versions gets as many bytes
 * as it asks for, and a leave is answered by an error of ours.
 */
final class OpenDoor implements AutoCloseable {
    static final long PATIENCE_SECONDS = 60;
    private static final int HEAD_BYTES = 10;

    private final BlockingQueue<Exchange> parked = new LinkedBlockingQueue<>();
    private final Door door;
    private final int port;

    private OpenDoor(Map<String, String> settings) throws IOException {
        int[] bound = new int[1];
        door = Door.open(List.of(Place.at(new InetSocketAddress("127.0.0.1", 0))), ServerSettings.of(settings),
                nodes -> {
                    bound[0] = nodes.controller().port();
                    return table();
                });
        port = bound[0];
    }

    static OpenDoor with(String... namesAndValues) throws IOException {
        Map<String, String> settings = new HashMap<>();
        for (int index = 0; index < namesAndValues.length; index += 2) {
            settings.put(namesAndValues[index], namesAndValues[index + 1]);
        }
        return new OpenDoor(settings);
    }

    private ApiTable table() {
        return new ApiTable()
                .serve(new ApiTable.Entry(ApiKeys.HEARTBEAT, (short) 0, (short) 0, (short) 3,
                        ApiTable.Overlap.ONE_AT_A_TIME, (body, exchange) -> parked.add(exchange)))
                .serve(new ApiTable.Entry(ApiKeys.SYNC_GROUP, (short) 0, (short) 0, (short) 3,
                        ApiTable.Overlap.SIDE_BY_SIDE, (body, exchange) -> parked.add(exchange)))
                .serve(new ApiTable.Entry(ApiKeys.FETCH, (short) 4, (short) 4, (short) 11,
                        ApiTable.Overlap.ONE_AT_A_TIME, (body, exchange) -> answer(exchange, body.getInt())))
                .serve(new ApiTable.Entry(ApiKeys.LEAVE_GROUP, (short) 0, (short) 0, (short) 3,
                        ApiTable.Overlap.ONE_AT_A_TIME, (body, exchange) -> {
                            throw new AssertionError("a bug, on purpose");
                        }));
    }

    Door door() {
        return door;
    }

    WireClient connect() throws IOException {
        return WireClient.to(port);
    }

    int port() {
        return port;
    }

    /** The next request that waits for its answer. */
    Exchange parked() throws InterruptedException {
        Exchange next = parked.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertTrue(next != null, "no request came");
        return next;
    }

    int parkedCount() {
        return parked.size();
    }

    static void answer(Exchange exchange, int bodyBytes) {
        exchange.answer(new Answer.Bytes(Unpooled.wrappedBuffer(new byte[bodyBytes])));
    }

    /** A whole request with {@code body} behind its header. */
    static byte[] request(ApiKeys key, int version, int correlationId, byte[] body) {
        return ByteBuffer.allocate(Integer.BYTES + HEAD_BYTES + body.length).putInt(HEAD_BYTES + body.length)
                .putShort(key.id).putShort((short) version).putInt(correlationId).putShort((short) -1).put(body)
                .array();
    }

    static byte[] heartbeat(int correlationId, int bodyBytes) {
        return request(ApiKeys.HEARTBEAT, 0, correlationId, new byte[bodyBytes]);
    }

    /** Asks for an answer of {@code bytes}. */
    static byte[] ask(int correlationId, int bytes) {
        return request(ApiKeys.FETCH, 4, correlationId, ByteBuffer.allocate(Integer.BYTES).putInt(bytes).array());
    }

    static int correlationId(byte[] answer) {
        return ByteBuffer.wrap(answer).getInt();
    }

    static void await(String what, BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "never came true: " + what);
            Thread.onSpinWait();
        }
    }

    /** Threads that a door starts. */
    static List<String> networkThreads() {
        List<String> names = new ArrayList<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("semel-network")) {
                names.add(thread.getName());
            }
        }
        return names;
    }

    @Override
    public void close() {
        door.close();
    }
}
