package io.semel.server.network;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.semel.server.network.request.RequestHead;
import io.semel.wire.message.ApiMessageType;
import io.semel.wire.protocol.ApiKeys;

/**
 * Reads the header of a request: key, version, correlation id, client id, and from header version 2 on tagged fields,
 * which are passed over. Stateless.
 */
final class RequestHeads {
    /** Key, version, correlation id, length of the client id. */
    private static final int SHORTEST = 2 + 2 + 4 + 2;

    private RequestHeads() {
    }

    /**
     * Leaves the frame at the request's body.
     *
     * @throws IOException when the bytes are no header, or of a key that nobody knows
     */
    static RequestHead read(ByteBuf frame) throws IOException {
        if (frame.readableBytes() < SHORTEST) {
            throw new IOException("a request of " + frame.readableBytes() + " bytes has no header");
        }
        short key = frame.readShort();
        short version = frame.readShort();
        int correlationId = frame.readInt();
        if (!ApiKeys.hasId(key)) {
            throw new IOException("unknown API key " + key);
        }
        ApiKeys api = ApiKeys.forId(key);
        String clientId = readClientId(frame);
        RequestHead head = new RequestHead(api, version, correlationId, clientId);
        // The header of a version that nobody knows can't be told; ApiVersions is answered all the same.
        boolean isKnown = version >= api.oldestVersion() && version <= api.latestVersion(true);
        if (isKnown && ApiMessageType.fromApiKey(key).requestHeaderVersion(version) >= 2) {
            skipTaggedFields(frame);
        }
        return head;
    }

    /** A client whose newest version nobody here knows must hear which ones are: in version 0. */
    static boolean isAnsweredInAnyVersion(RequestHead head) {
        return head.key() == ApiKeys.API_VERSIONS;
    }

    private static String readClientId(ByteBuf frame) throws IOException {
        int length = frame.readShort();
        if (length < 0) {
            return "";
        }
        if (length > frame.readableBytes()) {
            throw new IOException("client id of " + length + " bytes in a request that has " + frame.readableBytes()
                    + " left");
        }
        return frame.readCharSequence(length, StandardCharsets.UTF_8).toString();
    }

    private static void skipTaggedFields(ByteBuf frame) throws IOException {
        int count = readUnsignedVarint(frame);
        for (int left = count; left > 0; left--) {
            readUnsignedVarint(frame);
            int size = readUnsignedVarint(frame);
            if (size < 0 || size > frame.readableBytes()) {
                throw new IOException("tagged field of " + size + " bytes in a header that has " + frame
                        .readableBytes() + " left");
            }
            frame.skipBytes(size);
        }
    }

    private static int readUnsignedVarint(ByteBuf frame) throws IOException {
        int value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += 7) {
            if (!frame.isReadable()) {
                throw new IOException("a header ends within its tagged fields");
            }
            byte next = frame.readByte();
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IOException("not a varint of 32 bits in a header's tagged fields");
    }
}
