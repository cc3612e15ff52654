package io.semel.server.network.hostile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.PooledByteBufAllocator;
import io.semel.client.Semel;
import io.semel.server.SemelServer;
import io.semel.server.child.ChildJvm;
import io.semel.server.child.ReportLine;

/** The child: serves a directory, tells its port, and then how many connections are open, until it is killed. */
final class HostileServer {
    private static final long LOOK_INTERVAL_MS = 500;

    private enum Said {
        SERVES, CONNECTIONS
    }

    private HostileServer() {
    }

    public static void main(String[] arguments) throws IOException {
        ChildJvm.dieWithParent();
        SemelServer server = SemelServer.listen(Semel.open(Path.of(arguments[0])), 0);
        ReportLine.of(Said.SERVES, server.port()).say();
        ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
        watch.scheduleWithFixedDelay(() -> {
            // Netty finds what leaked once it is collected, and says so with the next buffer.
            System.gc();
            PooledByteBufAllocator.DEFAULT.buffer().release();
            ReportLine.of(Said.CONNECTIONS, server.connectionCount()).say();
        }, LOOK_INTERVAL_MS, LOOK_INTERVAL_MS, TimeUnit.MILLISECONDS);
    }
}
