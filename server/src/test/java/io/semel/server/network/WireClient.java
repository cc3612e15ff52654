package io.semel.server.network;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * One connection that sends any message of Kafka's protocol, in any version, and reads what comes back: for what no
 * client would send, or not in that version.
 *
 * <p>Thread rule: one thread at a time; one more may close it.
 */
public final class WireClient implements AutoCloseable {
    /** What a test waits for an answer at most; past it, it has failed. */
    private static final int TIMEOUT_MS = 30_000;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private int lastCorrelationId;

    /** A request on its way; answers come in the order of their requests. */
    public record Sent(ApiKeys key, short version, int correlationId) {
    }

    private WireClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = new DataOutputStream(socket.getOutputStream());
    }

    /** Connects to a port of this machine. */
    public static WireClient to(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MS);
        socket.setTcpNoDelay(true);
        return new WireClient(socket);
    }

    /** Sends a request and waits for its answer. */
    public <A extends ApiMessage> A ask(ApiKeys key, int version, ApiMessage request) throws IOException {
        return receive(send(key, version, request));
    }

    /** Sends a request without waiting. */
    public Sent send(ApiKeys key, int version, ApiMessage request) throws IOException {
        Sent sent = new Sent(key, (short) version, ++lastCorrelationId);
        byte[] head = bytes(new RequestHeaderData().setRequestApiKey(key.id).setRequestApiVersion(sent.version)
                .setCorrelationId(sent.correlationId).setClientId("wire-client"), key.requestHeaderVersion(
                        sent.version));
        byte[] body = bytes(request, sent.version);
        out.writeInt(head.length + body.length);
        out.write(head);
        out.write(body);
        out.flush();
        return sent;
    }

    /** Sends bytes as they are. */
    public void sendRaw(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    private static byte[] bytes(Message message, short version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer buffer = ByteBuffer.allocate(message.size(cache, version));
        message.write(new ByteBufferAccessor(buffer), cache, version);
        return buffer.array();
    }

    /** Waits for the next answer, which must be that of {@code sent}, and read to its last byte. */
    @SuppressWarnings("unchecked")
    public <A extends ApiMessage> A receive(Sent sent) throws IOException {
        ByteBufferAccessor frame = new ByteBufferAccessor(ByteBuffer.wrap(receiveRaw()));
        ResponseHeaderData head = new ResponseHeaderData(frame, sent.key.responseHeaderVersion(sent.version));
        assertEquals(sent.correlationId, head.correlationId());
        A answer = (A) ApiMessageType.fromApiKey(sent.key.id).newResponse();
        answer.read(frame, sent.version);
        assertEquals(0, frame.remaining(), () -> "bytes left behind " + sent.key + " of version " + sent.version);
        return answer;
    }

    /** The next frame as it comes, without its length. */
    public byte[] receiveRaw() throws IOException {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        return frame;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
