package io.semel.server.network.fetch;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.semel.server.network.fetch.FetchSession.Naming;
import io.semel.wire.message.FetchRequestData;
import io.semel.wire.message.FetchRequestData.FetchPartition;
import io.semel.wire.message.FetchRequestData.FetchTopic;
import io.semel.wire.message.FetchRequestData.ForgottenTopic;
import io.semel.wire.protocol.Errors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FetchSessionsTest {
    private long nowMs = 1_000_000;
    private final FetchSessions sessions = new FetchSessions(() -> nowMs);

    @Test
    void epochsRunFromOneToTheLargestAndThenFromOneAgain() {
        assertEquals(1, FetchSession.nextAfter(FetchSession.INITIAL_EPOCH));
        assertEquals(1, FetchSession.nextAfter(Integer.MAX_VALUE));
    }

    @Test
    void aSessionTakesEachEpochOnce() {
        FetchSession session = open(2);
        assertTrue(session.advance(request(0).setSessionEpoch(1)));
        assertFalse(session.advance(request(0).setSessionEpoch(1)), "a duplicate");
        assertFalse(session.advance(request(0).setSessionEpoch(3)), "one was lost");
        assertTrue(session.advance(request(0).setSessionEpoch(2)));
    }

    @Test
    void anAnswerThatAnotherRequestHasOvertakenIsNone() {
        FetchSession session = open(1);
        assertTrue(session.advance(request(0).setSessionEpoch(1)));
        assertTrue(session.advance(request(0).setSessionEpoch(2)));
        assertNull(session.news(List.of(), 1));
        assertNotNull(session.news(List.of(), 2));
    }

    @Test
    void whatIsForgottenGoesAndWhatIsNewComesLast() {
        FetchSession session = open(3);
        FetchRequestData request = request(1).setSessionEpoch(1);
        request.topics().get(0).partitions().get(0).setPartition(9);
        request.forgottenTopicsData().add(new ForgottenTopic().setTopic("t").setPartitions(List.of(1, 7)));
        assertTrue(session.advance(request));
        assertEquals(List.of(0, 2, 9), session.inTurn().stream().map(each -> each.key().partition()).toList());
    }

    @Test
    void anErrorIsNewsEachTimeAndSoIsTheEndOfIt() {
        FetchSession session = open(1);
        WantedPartition wanted = session.inTurn().get(0);
        List<FetchedPartition> refused = List.of(FetchedPartition.refused(wanted, Errors.KAFKA_STORAGE_ERROR));
        for (int epoch = 1; epoch <= 3; epoch++) {
            assertTrue(session.advance(request(0).setSessionEpoch(epoch)));
            assertEquals(refused, session.news(refused, epoch));
        }
    }

    @Test
    void sessionsInUseAreNotEvicted() {
        List<FetchSession> open = fill();
        assertNull(open(1_000), "none is old");
        nowMs += FetchSessions.SAFE_MS + 1;
        open.forEach(each -> sessions.use(each.id()));
        assertNull(open(1), "none is smaller");
        assertEquals(FetchSessions.MAX_SESSIONS, sessions.count());
    }

    @Test
    void theLongestUnusedGoesFirst() {
        List<FetchSession> open = fill();
        nowMs += FetchSessions.SAFE_MS + 1;
        for (FetchSession each : open) {
            if (each != open.get(5)) {
                assertSame(each, sessions.use(each.id()));
            }
        }
        assertNotNull(open(1));
        assertNull(sessions.use(open.get(5).id()));
        assertEquals(FetchSessions.MAX_SESSIONS, sessions.count());
    }

    @Test
    void theSmallestOldOneMakesRoomForALargerOne() {
        List<FetchSession> open = fill();
        nowMs += FetchSessions.SAFE_MS + 1;
        open.forEach(each -> sessions.use(each.id()));
        assertNotNull(open(3));
        assertNull(sessions.use(open.get(0).id()), "the first of the smallest");
        assertNull(open(1), "no larger than any");
    }

    @Test
    void aSessionThatIsEndedIsGone() {
        FetchSession session = open(1);
        sessions.end(session.id());
        assertNull(sessions.use(session.id()));
        assertEquals(0, sessions.count());
    }

    @Test
    void noSessionIsOpenedOverNothingNorOverMoreThanThereCanBe() {
        assertNull(open(0));
        assertNull(open(FetchSessions.MAX_PARTITIONS + 1));
    }

    @Test
    void aRequestThatNamesMoreThanThereCanBeFetchesNothing() {
        FetchRequestData request = request(FetchSessions.MAX_PARTITIONS);
        assertEquals(FetchSessions.MAX_PARTITIONS, FetchScope.of(request, (short) 12, sessions).wanted().size());
        request.topics().get(0).partitions().add(new FetchPartition().setPartition(-1));
        assertEquals(List.of(), FetchScope.of(request, (short) 12, sessions).wanted());
    }

    private List<FetchSession> fill() {
        List<FetchSession> open = new ArrayList<>();
        for (int session = 0; session < FetchSessions.MAX_SESSIONS; session++) {
            open.add(open(1 + session % 2));
        }
        return open;
    }

    private FetchSession open(int partitions) {
        return sessions.open(Naming.BY_NAME, FetchSession.namedBy(request(partitions)), List.of());
    }

    private static FetchRequestData request(int partitions) {
        FetchTopic topic = new FetchTopic().setTopic("t");
        for (int partition = 0; partition < partitions; partition++) {
            topic.partitions().add(new FetchPartition().setPartition(partition));
        }
        FetchRequestData request = new FetchRequestData();
        request.topics().add(topic);
        return request;
    }
}
