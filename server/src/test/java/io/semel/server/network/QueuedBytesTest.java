package io.semel.server.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.semel.server.network.request.Exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Memory for requests is bounded over all connections, and everybody is served in the end. */
class QueuedBytesTest {
    private static final int LIMIT_BYTES = 256 << 10;
    private static final int REQUEST_BYTES = 200 << 10;
    private static final int CLIENTS = 12;

    /** The largest that netty reads at once. */
    private static final int READ_BYTES = 64 << 10;

    @Test
    void whatIsReadAndNotAnsweredIsBoundedAndAllAreAnswered() throws Exception {
        try (OpenDoor open = OpenDoor.with("queued.max.request.bytes", Integer.toString(LIMIT_BYTES))) {
            List<WireClient> clients = connect(open);
            try {
                List<Thread> senders = new ArrayList<>();
                for (WireClient client : clients) {
                    senders.add(send(client, OpenDoor.heartbeat(5, REQUEST_BYTES)));
                }
                long most = 0;
                for (int served = 0; served < CLIENTS; served++) {
                    Exchange exchange = open.parked();
                    most = Math.max(most, open.door().queuedBytes());
                    OpenDoor.answer(exchange, 2);
                }
                for (WireClient client : clients) {
                    assertEquals(5, OpenDoor.correlationId(client.receiveRaw()));
                }
                for (Thread sender : senders) {
                    sender.join();
                }
                long bound = LIMIT_BYTES * 3 / 2 + REQUEST_BYTES + (long) CLIENTS * READ_BYTES;
                assertTrue(most < bound && bound < (long) CLIENTS * REQUEST_BYTES, most + " bytes were held");
                assertTrue(open.door().metrics().readingsPaused() > 0, "nobody had to wait");
                OpenDoor.await("nothing is held", () -> open.door().queuedBytes() == 0);
            } finally {
                close(clients);
            }
        }
    }

    @Test
    void requestsThatFillTheRoomWithTheirHalvesGetThroughAllTheSame() throws Exception {
        try (OpenDoor open = OpenDoor.with("queued.max.request.bytes", Integer.toString(LIMIT_BYTES))) {
            List<WireClient> clients = connect(open);
            try {
                byte[] request = OpenDoor.heartbeat(5, REQUEST_BYTES);
                int half = request.length / 2;
                for (WireClient client : clients) {
                    send(client, Arrays.copyOf(request, half)).join();
                }
                OpenDoor.await("the room is full", () -> open.door().queuedBytes() >= LIMIT_BYTES);
                List<Thread> senders = new ArrayList<>();
                for (WireClient client : clients) {
                    senders.add(send(client, Arrays.copyOfRange(request, half, request.length)));
                }
                for (int served = 0; served < CLIENTS; served++) {
                    OpenDoor.answer(open.parked(), 2);
                }
                for (WireClient client : clients) {
                    assertEquals(5, OpenDoor.correlationId(client.receiveRaw()));
                }
                for (Thread sender : senders) {
                    sender.join();
                }
            } finally {
                close(clients);
            }
        }
    }

    @Test
    void aRequestAboveTheWholeRoomIsServed() throws Exception {
        try (OpenDoor open = OpenDoor.with("queued.max.request.bytes", "1000"); WireClient client = open.connect()) {
            send(client, OpenDoor.heartbeat(9, REQUEST_BYTES)).join();
            OpenDoor.answer(open.parked(), 2);
            assertEquals(9, OpenDoor.correlationId(client.receiveRaw()));
        }
    }

    private static List<WireClient> connect(OpenDoor open) throws Exception {
        List<WireClient> clients = new ArrayList<>();
        for (int index = 0; index < CLIENTS; index++) {
            clients.add(open.connect());
        }
        return clients;
    }

    /** A socket that nobody reads from makes its sender wait. */
    private static Thread send(WireClient client, byte[] bytes) {
        Thread sender = new Thread(() -> {
            try {
                client.sendRaw(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        sender.setDaemon(true);
        sender.start();
        return sender;
    }

    private static void close(List<WireClient> clients) throws Exception {
        for (WireClient client : clients) {
            client.close();
        }
    }
}
