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
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.semel.server.network.request.ApiTable;
import io.semel.server.network.request.Node;
import io.semel.server.network.request.Nodes;
import io.semel.server.network.request.Peer;
import io.semel.server.network.request.ServerSettings;

/**
 * Listens on a port for each node and gives every connection its turn.
 *
 * <p>Thread rule: opened and closed by one thread, the owner.
 */
public final class Door implements AutoCloseable {
    /** Answers under way when the door closes have this long to leave. */
    private static final long DRAIN_MS = 2_000;

    private final EventLoopGroup loops;
    private final ChannelGroup listeners = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

    private Door(EventLoopGroup loops) {
        this.loops = loops;
    }

    /**
     * Binds a port for each address, and serves from then on.
     *
     * @param addresses one for each node, by ascending id; port 0 for any that is free
     * @param served    makes what is served, once the ports are known
     * @throws IOException when a port can't be had; nothing is left open then
     */
    public static Door open(List<InetSocketAddress> addresses, ServerSettings settings, int threads,
            Function<Nodes, ApiTable> served) throws IOException {
        Door door = new Door(new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("semel-network", true),
                NioIoHandler.newFactory()));
        try {
            door.bind(addresses, settings, served);
            return door;
        } catch (IOException | RuntimeException e) {
            door.close();
            throw e;
        }
    }

    private void bind(List<InetSocketAddress> addresses, ServerSettings settings, Function<Nodes, ApiTable> served)
            throws IOException {
        List<Channel> bound = new ArrayList<>();
        List<Node> nodes = new ArrayList<>();
        ConnectionInitializer initializer = new ConnectionInitializer(settings);
        for (InetSocketAddress address : addresses) {
            ServerBootstrap bootstrap = new ServerBootstrap().group(loops).channel(NioServerSocketChannel.class)
                    .option(ChannelOption.SO_REUSEADDR, true).option(ChannelOption.AUTO_READ, false)
                    .childOption(ChannelOption.TCP_NODELAY, true).childHandler(initializer);
            ChannelFuture future = bootstrap.bind(address).awaitUninterruptibly();
            if (!future.isSuccess()) {
                throw new IOException("can't listen on " + address.getHostString() + ':' + address.getPort() + ": "
                        + future.cause().getMessage() + "; choose another port, or 0 for any", future.cause());
            }
            bound.add(future.channel());
            listeners.add(future.channel());
            int port = ((InetSocketAddress) future.channel().localAddress()).getPort();
            nodes.add(new Node(nodes.size() + 1, address.getHostString(), port));
        }
        initializer.serve(served.apply(new Nodes(nodes)), nodes);
        bound.forEach(channel -> channel.config().setAutoRead(true));
    }

    /** Everything that a connection needs, set before the first one is accepted. */
    private final class ConnectionInitializer extends ChannelInitializer<Channel> {
        private final ServerSettings settings;
        private volatile ApiTable table;
        private volatile List<Node> nodes;

        ConnectionInitializer(ServerSettings settings) {
            this.settings = settings;
        }

        void serve(ApiTable served, List<Node> as) {
            table = served;
            nodes = List.copyOf(as);
        }

        @Override
        protected void initChannel(Channel channel) {
            if (connections.size() >= settings.maxConnections()) {
                channel.close();
                return;
            }
            connections.add(channel);
            int port = ((InetSocketAddress) channel.localAddress()).getPort();
            Node node = nodes.stream().filter(each -> each.port() == port).findFirst().orElseThrow();
            String host = ((InetSocketAddress) channel.remoteAddress()).getAddress().getHostAddress();
            FrameReceiver receiver = new FrameReceiver(settings.maxFrameBytes());
            channel.config().setRecvByteBufAllocator(new FrameReads(receiver));
            channel.pipeline().addLast(receiver, new Connection(table, new Peer(host, node), channel));
        }
    }

    /** Connections that are open now. */
    public int connectionCount() {
        return connections.size();
    }

    /** Takes nobody in any more, closes what is open, and waits until the threads are gone. */
    @Override
    public void close() {
        listeners.close().awaitUninterruptibly();
        connections.close().awaitUninterruptibly(DRAIN_MS);
        loops.shutdownGracefully(0, DRAIN_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }
}
