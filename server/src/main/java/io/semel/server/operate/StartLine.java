package io.semel.server.operate;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import io.semel.client.Semel;
import io.semel.server.SemelServer;
import io.semel.server.inspect.Fields;
import io.semel.transactions.broker.RecoveryReport;
import io.semel.transactions.broker.Topic;

/**
 * The line that says that the server is ready, for people and for programs: {@code ready name=value ...}.
 *
 * <p>Thread rule: one thread.
 */
final class StartLine {
    private static final int TIMEOUT_MS = 5_000;

    /** A whole request for the versions that are served, in the version that everybody speaks. */
    private static final byte[] ASK_FOR_VERSIONS = ByteBuffer.allocate(14).putInt(10).putShort((short) 18).putShort(
            (short) 0).putInt(1).putShort((short) -1).array();

    private final Fields fields = new Fields();

    StartLine(ServerPlan plan, Semel semel, SemelServer server, long openMs) {
        List<Topic> users = semel.runtime().broker().topics().stream().filter(topic -> !topic.isInternal()).toList();
        RecoveryReport recovery = semel.recovery();
        fields.with("listen", plan.listeners().host() + ':' + server.door().ports().stream().map(String::valueOf)
                .collect(Collectors.joining(",")))
                .with("bootstrap", server.bootstrapServers())
                .with("brokers", plan.brokers())
                .with("data", plan.data().toString())
                .with("cluster", semel.runtime().broker().clusterId())
                .with("durability", plan.durability().name().toLowerCase(Locale.ROOT))
                .with("topics", users.size())
                .with("partitions", users.stream().mapToInt(Topic::partitionCount).sum())
                .with("offline", recovery.offline().size())
                .with("recovered", new Fields().with("decided", recovery.decidedTransactions())
                        .with("aborted", recovery.abortedBranches()).with("lost", recovery.lostBranches())
                        .with("waiting", recovery.waitingTransactions()))
                .with("transport", server.door().transport())
                .with("pid", ProcessHandle.current().pid())
                .with("openMs", openMs);
        answers(plan, server);
    }

    void adminAt(InetSocketAddress address) {
        fields.with("admin", address.getHostString() + ':' + address.getPort());
    }

    String text() {
        return "ready " + fields.text();
    }

    /** Asks as a client would: what is ready has answered. */
    private void answers(ServerPlan plan, SemelServer server) {
        InetAddress address = new InetSocketAddress(plan.listeners().host(), 0).getAddress();
        try (Socket socket = new Socket()) {
            InetAddress own = address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address;
            socket.connect(new InetSocketAddress(own, server.door().ports().get(0)), TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getOutputStream().write(ASK_FOR_VERSIONS);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            in.readFully(new byte[in.readInt()]);
            ProcessHandle.current().info().startInstant().ifPresent(start -> fields.with("firstAnswerMs", Duration
                    .between(start, Instant.now()).toMillis()));
        } catch (IOException e) {
            fields.with("firstAnswer", e.toString());
        }
    }
}
