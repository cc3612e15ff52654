package io.semel.server.network;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Who is let in, and what those cost who do nothing. */
class ConnectionLimitsTest {
    private static final int CROWD = 2_000;

    /** Of heap, both ends together: the test's sockets are in it. */
    private static final long BYTES_PER_IDLE_CONNECTION = 24 << 10;

    @Test
    void aConnectionAboveTheLimitIsClosedAndTheOthersAreServed() throws Exception {
        try (OpenDoor open = OpenDoor.with("max.connections", "2");
                WireClient first = open.connect();
                WireClient second = open.connect()) {
            assertIsServed(first);
            assertIsServed(second);
            try (WireClient third = open.connect()) {
                assertIsClosed(third);
            }
            assertIsServed(first);
            assertEquals(1, open.door().metrics().connectionsRefused());
        }
    }

    @Test
    void whoLeavesMakesRoom() throws Exception {
        try (OpenDoor open = OpenDoor.with("max.connections", "1")) {
            try (WireClient first = open.connect()) {
                assertIsServed(first);
            }
            OpenDoor.await("the first is gone", () -> open.door().connectionCount() == 0);
            try (WireClient second = open.connect()) {
                assertIsServed(second);
            }
        }
    }

    @Test
    void oneAddressMayNotTakeAllConnections() throws Exception {
        try (OpenDoor open = OpenDoor.with("max.connections.per.ip", "1"); WireClient first = open.connect()) {
            assertIsServed(first);
            try (WireClient second = open.connect()) {
                assertIsClosed(second);
            }
            assertIsServed(first);
        }
    }

    @Test
    void thousandsOfIdleConnectionsAreCheap() throws Exception {
        try (OpenDoor open = OpenDoor.with()) {
            try (WireClient warm = open.connect()) {
                assertIsServed(warm);
            }
            int threads = OpenDoor.networkThreads().size();
            long before = usedBytes();
            List<SocketChannel> crowd = new ArrayList<>();
            try {
                for (int index = 0; index < CROWD; index++) {
                    crowd.add(SocketChannel.open(new InetSocketAddress("127.0.0.1", open.port())));
                }
                OpenDoor.await("all are in", () -> open.door().connectionCount() >= CROWD);
                long perConnection = (usedBytes() - before) / CROWD;
                assertTrue(perConnection < BYTES_PER_IDLE_CONNECTION, perConnection + " bytes each");
                assertTrue(OpenDoor.networkThreads().size() <= Math.max(threads, Runtime.getRuntime()
                        .availableProcessors()), "threads came with connections");
                try (WireClient one = open.connect()) {
                    assertIsServed(one);
                }
            } finally {
                for (SocketChannel each : crowd) {
                    each.close();
                }
            }
        }
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void assertIsServed(WireClient client) throws IOException {
        client.sendRaw(OpenDoor.ask(7, 100));
        assertEquals(7, OpenDoor.correlationId(client.receiveRaw()));
    }

    /** By an end or by a reset, whichever is faster. */
    private static void assertIsClosed(WireClient client) {
        IOException end = assertThrows(IOException.class, client::receiveRaw);
        assertTrue(end instanceof EOFException || end instanceof SocketException, end::toString);
    }
}
