package io.semel.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.semel.client.Semel;
import io.semel.client.runtime.ClientRuntime;
import io.semel.server.network.Door;
import io.semel.server.network.ServedApis;
import io.semel.server.network.request.Authorizer;
import io.semel.server.network.request.Nodes;
import io.semel.server.network.request.Served;
import io.semel.server.network.request.ServerSettings;

/**
 * A port through which Kafka's clients use an open directory, while its owner goes on using it in process: both share
 * topics, groups and transactions.
 *
 * <p>Thread rule: any thread. Closed by its owner, or with the {@link Semel} that it serves, whichever comes first.
 */
public final class SemelServer implements AutoCloseable {
    /** Only programs of the same machine, unless somebody says otherwise. */
    private static final String LOOPBACK = "127.0.0.1";

    /** Topics are created and records deleted one after the other; a few at once hide the disk's waits. */
    private static final int DISK_THREADS = 2;

    /** Administrative requests that wait for the disk; each is of a connection that waits for it. */
    private static final int DISK_QUEUE = 1_000;

    private final ClientRuntime runtime;
    private final ExecutorService disk;
    private Door door;
    private Nodes nodes;

    private SemelServer(ClientRuntime runtime) {
        this.runtime = runtime;
        this.disk = new ThreadPoolExecutor(DISK_THREADS, DISK_THREADS, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(
                DISK_QUEUE), new DefaultThreadFactory("semel-network-disk", true));
    }

    /**
     * Serves {@code semel} on a port of this machine's loopback address.
     *
     * @param port 1 to 65,535, or 0 for any that is free, see {@link #port()}
     * @throws IOException when the port can't be had
     */
    public static SemelServer listen(Semel semel, int port) throws IOException {
        return listen(semel, List.of(new InetSocketAddress(LOOPBACK, port)), ServerSettings.DEFAULT,
                Authorizer.ALLOW_ALL);
    }

    static SemelServer listen(Semel semel, List<InetSocketAddress> addresses, ServerSettings settings,
            Authorizer authorizer) throws IOException {
        SemelServer server = new SemelServer(semel.runtime());
        try {
            server.open(addresses, settings, authorizer);
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void open(List<InetSocketAddress> addresses, ServerSettings settings, Authorizer authorizer)
            throws IOException {
        door = Door.open(addresses, settings, Runtime.getRuntime().availableProcessors(), bound -> {
            nodes = bound;
            return ServedApis.of(new Served(runtime.broker(), runtime.clock(), bound, settings, disk, authorizer));
        });
        runtime.register(this);
    }

    /** The port that the first node listens on. */
    public int port() {
        return nodes.controller().port();
    }

    /** What clients put into {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return nodes.all().stream().map(node -> node.host() + ':' + node.port()).collect(Collectors.joining(","));
    }

    /** Connections that are open now. */
    public int connectionCount() {
        return door.connectionCount();
    }

    /** Takes no more clients, lets answers under way leave, and closes every connection. The directory stays open. */
    @Override
    public synchronized void close() {
        runtime.unregister(this);
        if (door != null) {
            door.close();
        }
        disk.shutdown();
    }
}
