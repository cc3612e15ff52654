package io.semel.server.network.fetch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.semel.server.network.fetch.WantedPartition.Key;
import io.semel.wire.message.FetchRequestData;
import io.semel.wire.protocol.Errors;

/**
 * What one request fetches, and how much of what is found it is told: all of it, or within a session the news.
 *
 * <p>Thread rule: one event loop.
 */
final class FetchScope {
    private final FetchSessions sessions;
    private final short version;
    private final int epoch;
    /** Why nothing is fetched; {@link Errors#NONE} when something is. */
    private final Errors refusal;
    /** The session that goes on; null for a request that stands for itself. */
    private final FetchSession session;
    /** What a session is opened with; null when none is. */
    private final Map<Key, WantedPartition> opening;
    private final List<WantedPartition> wanted;

    private FetchScope(FetchSessions sessions, FetchRequestData request, short version, Errors refusal,
            FetchSession session, Map<Key, WantedPartition> opening, List<WantedPartition> wanted) {
        this.sessions = sessions;
        this.version = version;
        this.epoch = request.sessionEpoch();
        this.refusal = refusal;
        this.session = session;
        this.opening = opening;
        this.wanted = wanted;
    }

    static FetchScope of(FetchRequestData request, short version, FetchSessions sessions) {
        int epoch = request.sessionEpoch();
        if (countOf(request) > FetchSessions.MAX_PARTITIONS) {
            return refused(request, version, Errors.INVALID_REQUEST);
        }
        if (epoch != FetchSession.INITIAL_EPOCH && epoch != FetchSession.FINAL_EPOCH) {
            return ofSession(request, version, sessions);
        }
        if (request.sessionId() != FetchSession.NO_ID) {
            sessions.end(request.sessionId());
        }
        Map<Key, WantedPartition> named = FetchSession.namedBy(request);
        return new FetchScope(sessions, request, version, Errors.NONE, null,
                epoch == FetchSession.INITIAL_EPOCH ? named : null, new ArrayList<>(named.values()));
    }

    private static int countOf(FetchRequestData request) {
        return request.topics().stream().mapToInt(topic -> topic.partitions().size()).sum();
    }

    private static FetchScope ofSession(FetchRequestData request, short version, FetchSessions sessions) {
        FetchSession session = sessions.use(request.sessionId());
        if (session == null) {
            return refused(request, version, Errors.FETCH_SESSION_ID_NOT_FOUND);
        }
        if (session.naming() != FetchSession.Naming.of(version)) {
            return refused(request, version, Errors.FETCH_SESSION_TOPIC_ID_ERROR);
        }
        if (!session.advance(request)) {
            return refused(request, version, Errors.INVALID_FETCH_SESSION_EPOCH);
        }
        List<WantedPartition> wanted = session.inTurn();
        if (wanted.size() > FetchSessions.MAX_PARTITIONS) {
            sessions.end(session.id());
            return refused(request, version, Errors.FETCH_SESSION_ID_NOT_FOUND);
        }
        if (wanted.isEmpty()) {
            sessions.end(session.id());
            return new FetchScope(sessions, request, version, Errors.NONE, null, null, wanted);
        }
        return new FetchScope(sessions, request, version, Errors.NONE, session, null, wanted);
    }

    private static FetchScope refused(FetchRequestData request, short version, Errors refusal) {
        return new FetchScope(null, request, version, refusal, null, null, List.of());
    }

    /** In the order in which their bytes count. */
    List<WantedPartition> wanted() {
        return wanted;
    }

    /** The answer's body. It takes the bytes of what it tells; the others are left to be released. */
    ByteBuf answer(List<FetchedPartition> found) {
        if (session != null) {
            List<FetchedPartition> news = session.news(found, epoch);
            return news == null
                    ? FetchResponseWriter.write(version, Errors.INVALID_FETCH_SESSION_EPOCH, FetchSession.NO_ID, List
                            .of())
                    : FetchResponseWriter.write(version, Errors.NONE, session.id(), news);
        }
        FetchSession opened = opening == null
                ? null
                : sessions.open(FetchSession.Naming.of(version), opening, found);
        return FetchResponseWriter.write(version, refusal, opened == null ? FetchSession.NO_ID : opened.id(), found);
    }
}
