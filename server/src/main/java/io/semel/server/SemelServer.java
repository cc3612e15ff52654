package io.semel.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.semel.client.Semel;
import io.semel.client.runtime.ClientRuntime;
import io.semel.server.network.Door;
import io.semel.server.network.Place;
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

    /** What the disk's threads have begun when the server closes has this long to come to its end. */
    private static final long DISK_CLOSING_MS = 5_000;

    private final ClientRuntime runtime;
    private final ExecutorService disk;
    private Door door;
    private Nodes nodes;

    /**
     * Where to listen, as whom, and how. Immutable.
     *
     * @param host           a name or an address of this machine; {@code 0.0.0.0} for all of them. Whoever can reach it
     *                       can read and write everything
     * @param port           1 to 65,535, or 0 for any that is free
     * @param brokers        how many broker ids to answer as, each on a port of its own: {@code port},
     *                       {@code port + 1} and so on, for clients that insist on several. There is one copy of the
     *                       data, whatever replicas they are told of
     * @param advertisedHost what clients are told to connect to, where a proxy or a container stands in between
     * @param settings       by the names that {@code ./semel server --list-settings} shows; what is not given has its
     *                       default
     */
    public record Options(String host, int port, int brokers, String advertisedHost, Map<String, String> settings) {

        public Options {
            Objects.requireNonNull(host);
            Objects.requireNonNull(advertisedHost);
            settings = Map.copyOf(settings);
            if (port < 0 || brokers < 1 || port + brokers - 1 > 65_535) {
                throw new IllegalArgumentException("ports out of range: port=" + port + " brokers=" + brokers
                        + " allowed=0..65535, one for each broker");
            }
        }

        /** One broker on a port of this machine's loopback address, everything else as usual. */
        public static Options onPort(int port) {
            return new Options(LOOPBACK, port, 1, LOOPBACK, Map.of());
        }

        /** Listens on {@code where}, and tells clients to connect there. */
        public Options withHost(String where) {
            return new Options(where, port, brokers, where, settings);
        }

        /** After {@link #withHost}: clients are told {@code where} instead. */
        public Options withAdvertisedHost(String where) {
            return new Options(host, port, brokers, where, settings);
        }

        public Options withBrokers(int count) {
            return new Options(host, port, count, advertisedHost, settings);
        }

        /** One setting more, or another value for it. */
        public Options with(String name, String value) {
            Map<String, String> more = new HashMap<>(settings);
            more.put(name, value);
            return new Options(host, port, brokers, advertisedHost, more);
        }

        private List<Place> places() {
            List<Place> places = new ArrayList<>();
            for (int index = 0; index < brokers; index++) {
                places.add(new Place(new InetSocketAddress(host, port == 0 ? 0 : port + index), advertisedHost, 0));
            }
            return places;
        }
    }

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
        return listen(semel, Options.onPort(port));
    }

    /**
     * Serves {@code semel} as {@code options} say.
     *
     * @throws IOException              when a port can't be had; nothing is left open then
     * @throws IllegalArgumentException when a setting is not known, its value not allowed, or only whoever opens the
     *                                  directory could do as it says
     */
    public static SemelServer listen(Semel semel, Options options) throws IOException {
        ServerSettings settings = ServerSettings.of(options.settings());
        for (String name : ServerSettings.DECIDED_BEFORE) {
            if (settings.isGiven(name)) {
                throw new IllegalArgumentException("setting comes too late: " + name
                        + " is decided by whoever opens the directory and the ports: give it to Semel.open, or to the"
                        + " other options");
            }
        }
        return listen(semel, options.places(), settings, Authorizer.ALLOW_ALL);
    }

    /** As {@link #listen(Semel, Options)}: for the command line, which has read the settings already. */
    public static SemelServer listen(Semel semel, List<Place> places, ServerSettings settings, Authorizer authorizer)
            throws IOException {
        SemelServer server = new SemelServer(semel.runtime());
        try {
            server.open(places, settings, authorizer);
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void open(List<Place> places, ServerSettings settings, Authorizer authorizer) throws IOException {
        door = Door.open(places, settings, bound -> {
            nodes = bound;
            return ServedApis.of(new Served(runtime.broker(), runtime.clock(), bound, settings, disk, authorizer));
        });
        runtime.register(this);
    }

    /** The port that clients of the first broker connect to. */
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

    /** What the network does and counts: for whoever shows it. Applications need it for nothing. */
    public Door door() {
        return door;
    }

    /**
     * Takes no more clients, lets requests under way be answered ({@code semel.drain.ms}), and closes every connection.
     * The directory stays open.
     */
    @Override
    public synchronized void close() {
        runtime.unregister(this);
        if (door != null) {
            door.close();
        }
        disk.shutdown();
        try {
            disk.awaitTermination(DISK_CLOSING_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
