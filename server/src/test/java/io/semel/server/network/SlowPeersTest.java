package io.semel.server.network;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.Arrays;

import org.junit.jupiter.api.Test;

import io.semel.server.network.request.Exchange;
import io.semel.wire.protocol.ApiKeys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Clients that stop, that do not read, that break: what they cost is bounded, and nobody else notices. */
class SlowPeersTest {
    private static final String SHORT_MS = "200";
    private static final String LONG_MS = "600000";
    private static final int LARGE_BYTES = 8 << 20;

    @Test
    void whoSaysNothingIsClosed() throws Exception {
        try (OpenDoor open = OpenDoor.with("connections.max.idle.ms", SHORT_MS); WireClient client = open.connect()) {
            assertThrows(EOFException.class, client::receiveRaw);
            assertEquals(1, open.door().metrics().connectionsIdle());
        }
    }

    @Test
    void whoWaitsForAnAnswerIsNotIdle() throws Exception {
        try (OpenDoor open = OpenDoor.with("connections.max.idle.ms", SHORT_MS); WireClient waits = open.connect()) {
            waits.sendRaw(OpenDoor.heartbeat(1, 4));
            Exchange exchange = open.parked();
            try (WireClient idle = open.connect()) {
                assertThrows(EOFException.class, idle::receiveRaw);
            }
            OpenDoor.answer(exchange, 2);
            assertEquals(1, OpenDoor.correlationId(waits.receiveRaw()));
        }
    }

    @Test
    void whoStopsWithinARequestIsCutOff() throws Exception {
        try (OpenDoor open = OpenDoor.with("semel.stalled.peer.ms", SHORT_MS, "connections.max.idle.ms", LONG_MS);
                WireClient client = open.connect()) {
            byte[] request = OpenDoor.heartbeat(1, 100);
            client.sendRaw(Arrays.copyOf(request, 50));
            assertThrows(EOFException.class, client::receiveRaw);
            assertEquals(1, open.door().metrics().connectionsStalled());
            OpenDoor.await("nothing is held", () -> open.door().queuedBytes() == 0);
        }
    }

    @Test
    void whoDoesNotReadIsAskedNoMoreAndThenCutOff() throws Exception {
        try (OpenDoor open = OpenDoor.with("semel.stalled.peer.ms", "1000", "connections.max.idle.ms", LONG_MS);
                WireClient client = open.connect()) {
            for (int index = 0; index < 50; index++) {
                client.sendRaw(OpenDoor.ask(index, LARGE_BYTES));
            }
            OpenDoor.await("it is cut off", () -> open.door().metrics().connectionsStalled() == 1);
            long answers = open.door().metrics().of(ApiKeys.FETCH).latency().count();
            assertTrue(answers <= 2, answers + " answers were made for somebody who reads none");
            OpenDoor.await("it is gone", () -> open.door().connectionCount() == 0);
        }
    }

    @Test
    void whoReadsSlowlyButReadsIsServed() throws Exception {
        try (OpenDoor open = OpenDoor.with("semel.stalled.peer.ms", "2000"); WireClient client = open.connect()) {
            for (int index = 0; index < 3; index++) {
                client.sendRaw(OpenDoor.ask(index, LARGE_BYTES));
            }
            for (int index = 0; index < 3; index++) {
                byte[] answer = client.receiveRaw();
                assertEquals(index, OpenDoor.correlationId(answer));
                assertEquals(Integer.BYTES + LARGE_BYTES, answer.length);
            }
        }
    }

    @Test
    void aBugOfOneRequestEndsItsConnectionAndNoOther() throws Exception {
        try (OpenDoor open = OpenDoor.with();
                WireClient unlucky = open.connect();
                WireClient other = open.connect()) {
            unlucky.sendRaw(OpenDoor.request(ApiKeys.LEAVE_GROUP, 0, 1, new byte[4]));
            assertThrows(IOException.class, unlucky::receiveRaw);
            other.sendRaw(OpenDoor.ask(3, 10));
            assertEquals(3, OpenDoor.correlationId(other.receiveRaw()));
            OpenDoor.await("nothing is held", () -> open.door().queuedBytes() == 0);
        }
    }

    @Test
    void anAnswerThatFailsLeavesNothingBehind() throws Exception {
        try (OpenDoor open = OpenDoor.with(); WireClient client = open.connect()) {
            client.sendRaw(OpenDoor.heartbeat(1, 1000));
            open.parked().fail(new IllegalStateException("a bug, on purpose"));
            assertThrows(IOException.class, client::receiveRaw);
            OpenDoor.await("nothing is held", () -> open.door().queuedBytes() == 0);
        }
    }

    @Test
    void whoBreaksOffWhileHeWaitsFreesWhatHeSent() throws Exception {
        try (OpenDoor open = OpenDoor.with()) {
            Exchange exchange;
            try (WireClient client = open.connect()) {
                client.sendRaw(OpenDoor.heartbeat(1, 1000));
                exchange = open.parked();
                client.sendRaw(OpenDoor.heartbeat(2, 1000));
            }
            OpenDoor.await("the connection is gone", exchange::isAbandoned);
            OpenDoor.answer(exchange, 2);
            OpenDoor.await("nothing is held", () -> open.door().queuedBytes() == 0);
        }
    }

    @Test
    void answersKeepTheOrderOfTheirRequests() throws Exception {
        try (OpenDoor open = OpenDoor.with(); WireClient client = open.connect()) {
            for (int index = 0; index < 3; index++) {
                client.sendRaw(OpenDoor.request(ApiKeys.SYNC_GROUP, 0, index, new byte[4]));
            }
            Exchange first = open.parked();
            Exchange second = open.parked();
            Exchange third = open.parked();
            OpenDoor.answer(third, 1);
            OpenDoor.answer(first, 1);
            OpenDoor.answer(second, 1);
            for (int index = 0; index < 3; index++) {
                assertEquals(index, OpenDoor.correlationId(client.receiveRaw()));
            }
        }
    }

    @Test
    void aFrameAboveTheLimitEndsItsConnection() throws Exception {
        try (OpenDoor open = OpenDoor.with("socket.request.max.bytes", "1000"); WireClient client = open.connect()) {
            IOException end = assertThrows(IOException.class, () -> {
                client.sendRaw(OpenDoor.heartbeat(1, 2000));
                client.receiveRaw();
            });
            assertTrue(end instanceof EOFException || end instanceof SocketException, end::toString);
        }
    }
}
