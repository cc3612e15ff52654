package io.semel.server.network;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.semel.server.network.metrics.NetworkMetrics;
import io.semel.server.network.request.ApiTable;
import io.semel.server.network.request.Node;
import io.semel.server.network.request.Nodes;
import io.semel.server.network.request.ServerSettings;
import io.semel.wire.protocol.ApiKeys;

/**
 * Listens on a port for each node and gives every connection its turn.
 *
 * <p>Thread rule: opened and closed by one thread, the owner; asked by any.
 */
public final class Door implements AutoCloseable {
    /** Connections that are closed and threads that end have this long. */
    private static final long CLOSING_MS = 2_000;

    private final Transport transport;
    private final EventLoopGroup loops;
    private final ServerSettings settings;
    private final NetworkMetrics metrics = new NetworkMetrics();
    private final ChannelGroup listeners = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
    private final ChannelGroup connections = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);
    private final ConnectionInitializer initializer;
    private volatile List<Integer> ports = List.of();

    private Door(Transport transport, ServerSettings settings) {
        this.transport = transport;
        this.settings = settings;
        this.loops = transport.start(settings.networkThreads(), new DefaultThreadFactory("semel-network", true));
        this.initializer = new ConnectionInitializer(settings, metrics, connections);
    }

    /**
     * Binds a port for each address, and serves from then on.
     *
     * @param places one for each node, by ascending id
     * @param served makes what is served, once the ports are known
     * @throws IOException when a port can't be had; nothing is left open then
     */
    public static Door open(List<Place> places, ServerSettings settings, Function<Nodes, ApiTable> served)
            throws IOException {
        Door door = new Door(Transport.best(), settings);
        try {
            door.bind(places, served);
            return door;
        } catch (IOException | RuntimeException e) {
            door.close();
            throw e;
        }
    }

    private void bind(List<Place> places, Function<Nodes, ApiTable> served) throws IOException {
        List<Channel> bound = new ArrayList<>();
        List<Integer> boundPorts = new ArrayList<>();
        List<Node> nodes = new ArrayList<>();
        for (Place place : places) {
            InetSocketAddress address = place.listens();
            ChannelFuture future = bootstrap().bind(address).awaitUninterruptibly();
            if (!future.isSuccess()) {
                throw new IOException("can't listen on " + address.getHostString() + ':' + address.getPort() + ": "
                        + future.cause().getMessage() + "; choose another port, or 0 for any", future.cause());
            }
            bound.add(future.channel());
            listeners.add(future.channel());
            int port = ((InetSocketAddress) future.channel().localAddress()).getPort();
            boundPorts.add(port);
            nodes.add(place.node(nodes.size() + 1, port));
        }
        ports = List.copyOf(boundPorts);
        initializer.serve(served.apply(new Nodes(nodes)), ports, nodes);
        bound.forEach(channel -> channel.config().setAutoRead(true));
    }

    private ServerBootstrap bootstrap() {
        ServerBootstrap bootstrap = new ServerBootstrap().group(loops).channel(transport.listener())
                .option(ChannelOption.SO_REUSEADDR, true).option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.SO_BACKLOG, settings.count("socket.listen.backlog.size"))
                .childOption(ChannelOption.TCP_NODELAY, true).childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(initializer);
        int sendBytes = settings.count("socket.send.buffer.bytes");
        if (sendBytes > 0) {
            bootstrap.childOption(ChannelOption.SO_SNDBUF, sendBytes);
        }
        int receiveBytes = settings.count("socket.receive.buffer.bytes");
        if (receiveBytes > 0) {
            bootstrap.option(ChannelOption.SO_RCVBUF, receiveBytes);
        }
        return bootstrap;
    }

    /** Where each node listens, by ascending id. */
    public List<Integer> ports() {
        return ports;
    }

    /** Connections that are open now. */
    public int connectionCount() {
        return connections.size();
    }

    /** What is served here. */
    public List<ApiKeys> servedKeys() {
        return initializer.servedKeys();
    }

    public NetworkMetrics metrics() {
        return metrics;
    }

    /** Bytes of requests that are read and not answered, and how many they may be. */
    public long queuedBytes() {
        return initializer.queued().heldBytes();
    }

    public long queuedBytesLimit() {
        return initializer.queued().limitBytes();
    }

    /** By which of netty's transports sockets are served: nio or epoll. */
    public String transport() {
        return transport.name();
    }

    /**
     * Takes nobody in any more, lets requests under way be answered for as long as the settings say, closes what is
     * open, and waits until the threads are gone.
     */
    @Override
    public void close() {
        listeners.close().awaitUninterruptibly();
        connections.forEach(channel -> channel.eventLoop().execute(() -> drain(channel)));
        connections.newCloseFuture().awaitUninterruptibly(settings.drain().toMillis());
        connections.close().awaitUninterruptibly(CLOSING_MS);
        loops.shutdownGracefully(0, CLOSING_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }

    private static void drain(Channel channel) {
        Connection connection = channel.pipeline().get(Connection.class);
        if (connection == null) {
            channel.close();
        } else {
            connection.drain();
        }
    }
}
