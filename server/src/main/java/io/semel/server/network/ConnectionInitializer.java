package io.semel.server.network;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.semel.server.network.metrics.NetworkMetrics;
import io.semel.server.network.request.ApiTable;
import io.semel.server.network.request.Node;
import io.semel.server.network.request.Peer;
import io.semel.server.network.request.ServerSettings;
import io.semel.wire.protocol.ApiKeys;

/**
 * Gives every connection what it needs.
 *
 * <p>Thread rule: told what is served before the first connection is accepted; then any event loop.
 */
final class ConnectionInitializer extends ChannelInitializer<Channel> {
    private final ServerSettings settings;
    private final NetworkMetrics metrics;
    private final ChannelGroup connections;
    private final Admission admission;
    private final QueuedBytes queued;
    private final Map<EventLoop, ConnectionWatch> watches = new ConcurrentHashMap<>();
    private volatile ApiTable table;
    /** By the port that they listen on, whatever port clients are told. */
    private volatile Map<Integer, Node> nodes;

    ConnectionInitializer(ServerSettings settings, NetworkMetrics metrics, ChannelGroup connections) {
        this.settings = settings;
        this.metrics = metrics;
        this.connections = connections;
        this.admission = new Admission(settings);
        this.queued = new QueuedBytes(settings.queuedBytes());
    }

    void serve(ApiTable served, List<Integer> ports, List<Node> as) {
        Map<Integer, Node> byPort = new ConcurrentHashMap<>();
        for (int index = 0; index < ports.size(); index++) {
            byPort.put(ports.get(index), as.get(index));
        }
        nodes = byPort;
        table = served;
    }

    List<ApiKeys> servedKeys() {
        return table.all().stream().map(ApiTable.Entry::key).toList();
    }

    QueuedBytes queued() {
        return queued;
    }

    @Override
    protected void initChannel(Channel channel) {
        SocketAddress remote = channel.remoteAddress();
        SocketAddress local = channel.localAddress();
        if (!(remote instanceof InetSocketAddress peer) || !(local instanceof InetSocketAddress own)) {
            // Gone before it was looked at.
            channel.close();
            return;
        }
        InetAddress address = peer.getAddress();
        if (!admission.admits(address)) {
            metrics.connectionRefused();
            channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> admission.leaves(address));
        metrics.connectionAccepted();
        connections.add(channel);
        addHandlers(channel, new Peer(address.getHostAddress(), nodes.get(own.getPort())));
    }

    private void addHandlers(Channel channel, Peer peer) {
        ReadValve valve = new ReadValve(channel);
        FrameReceiver receiver = new FrameReceiver(settings.maxFrameBytes());
        channel.config().setRecvByteBufAllocator(new FrameReads(receiver));
        Inflow inflow = new Inflow(channel, receiver, queued, valve, metrics);
        Connection connection = new Connection(table, peer, channel, inflow, valve, metrics);
        channel.pipeline().addLast(inflow, receiver, connection);
        watches.computeIfAbsent(channel.eventLoop(), loop -> ConnectionWatch.start(loop, settings, metrics)).add(
                connection);
    }
}
