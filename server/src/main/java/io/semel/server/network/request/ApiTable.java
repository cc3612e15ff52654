package io.semel.server.network.request;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

import io.semel.wire.message.ApiMessageType;
import io.semel.wire.protocol.ApiKeys;
import io.semel.wire.protocol.ApiMessage;
import io.semel.wire.protocol.ByteBufferAccessor;

/**
 * Which API keys are served, in which versions, by whom. What does not stand here is not advertised.
 *
 * <p>Thread rule: filled by one thread, then read by any.
 */
public final class ApiTable {
    private final Map<ApiKeys, Entry> entries = new EnumMap<>(ApiKeys.class);

    /**
     * One key that is served.
     *
     * @param advertised   the lowest version that clients are told of
     * @param served       the lowest version that is answered with more than UNSUPPORTED_VERSION
     * @param highest      the highest version of both
     * @param overlapping  whether the next request of the same key may begin before this one is answered
     */
    public record Entry(ApiKeys key, short advertised, short served, short highest, Overlap overlapping,
            BodyHandler handler) {
        public boolean serves(short version) {
            return version >= served && version <= highest;
        }
    }

    /** Whether requests of one key and connection may be under way side by side; their answers keep their order. */
    public enum Overlap {
        ONE_AT_A_TIME, SIDE_BY_SIDE
    }

    /** Serves a control API in the versions {@code lowest} to {@code highest}. */
    public <Q extends ApiMessage> ApiTable serve(ApiKeys key, int lowest, int highest, Handler<Q> handler) {
        return serve(new Entry(key, (short) lowest, (short) lowest, (short) highest, Overlap.ONE_AT_A_TIME,
                (body, exchange) -> handler.handle(ApiTable.<Q>read(key, exchange.version(), body), exchange)));
    }

    /** Serves a key whose handler reads the body itself. */
    public ApiTable serve(Entry entry) {
        if (entries.put(entry.key(), entry) != null) {
            throw new IllegalArgumentException("served twice: " + entry.key());
        }
        return this;
    }

    /** The newest version that the codec knows, for handlers that serve all of them. */
    public static int newest(ApiKeys key) {
        return key.messageType.highestSupportedVersion(false);
    }

    @SuppressWarnings("unchecked")
    private static <Q extends ApiMessage> Q read(ApiKeys key, short version, ByteBuffer body) {
        Q request = (Q) ApiMessageType.fromApiKey(key.id).newRequest();
        request.read(new ByteBufferAccessor(body), version);
        if (body.hasRemaining()) {
            throw new IllegalArgumentException(body.remaining() + " bytes are left behind a request " + key
                    + " of version " + version);
        }
        return request;
    }

    /** Null when the key is not served. */
    public Entry find(ApiKeys key) {
        return entries.get(key);
    }

    public Collection<Entry> all() {
        return Collections.unmodifiableCollection(entries.values());
    }
}
