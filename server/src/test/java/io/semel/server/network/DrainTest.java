package io.semel.server.network;

import java.io.IOException;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.semel.server.network.request.Exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** How a server ends: what is under way is answered, nothing is begun, nothing is left. */
class DrainTest {

    @Test
    void aRequestUnderWayIsAnsweredAndNothingMoreIsBegun() throws Exception {
        try (OpenDoor open = OpenDoor.with("semel.drain.ms", "60000");
                WireClient client = open.connect();
                WireClient idle = open.connect()) {
            client.sendRaw(OpenDoor.heartbeat(1, 4));
            Exchange exchange = open.parked();
            client.sendRaw(OpenDoor.heartbeat(2, 4));
            Thread closing = new Thread(open::close);
            closing.start();
            assertThrows(IOException.class, idle::receiveRaw);
            assertThrows(IOException.class, () -> open.connect().receiveRaw());
            OpenDoor.answer(exchange, 2);
            assertEquals(1, OpenDoor.correlationId(client.receiveRaw()));
            assertThrows(IOException.class, client::receiveRaw);
            closing.join();
            assertEquals(0, open.parkedCount());
        }
    }

    @Test
    void whatIsNeverAnsweredHoldsTheEndUpForSoLongAndNoLonger() throws Exception {
        try (OpenDoor open = OpenDoor.with("semel.drain.ms", "50"); WireClient client = open.connect()) {
            client.sendRaw(OpenDoor.heartbeat(1, 4));
            Exchange exchange = open.parked();
            open.door().close();
            assertThrows(IOException.class, client::receiveRaw);
            // Comes after everything is gone, from whoever had it parked: nobody is hurt.
            OpenDoor.answer(exchange, 2);
            exchange.runLater(() -> {
                throw new AssertionError("ran on a closed server");
            }, 1);
        }
    }

    @Test
    void noThreadIsLeftBehind() throws Exception {
        List<String> before = OpenDoor.networkThreads();
        try (OpenDoor open = OpenDoor.with(); WireClient client = open.connect()) {
            client.sendRaw(OpenDoor.ask(1, 10));
            client.receiveRaw();
        }
        // The threads are told to end, and an ending thread is seen for a moment longer.
        OpenDoor.await("all threads are gone", () -> before.containsAll(OpenDoor.networkThreads()));
    }
}
