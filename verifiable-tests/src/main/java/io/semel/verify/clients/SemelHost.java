package io.semel.verify.clients;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.semel.client.Semel;
import io.semel.server.SemelServer;
import io.semel.server.child.ChildJvm;
import io.semel.server.child.ReportLine;

/** Semel's server in a JVM of its own, which a restart kills by SIGKILL. */
final class SemelHost implements Host {
    /** A directory of a few topics opens in a second; a busy machine may take longer. */
    private static final long START_LIMIT_MS = 60_000;

    private final Path directory;
    private ChildJvm process;
    private int port;

    /** What the child says. */
    private enum Said {
        SERVES
    }

    private SemelHost(Path directory) {
        this.directory = directory;
    }

    static SemelHost open(Path directory) throws IOException, InterruptedException {
        SemelHost host = new SemelHost(directory);
        host.start();
        return host;
    }

    private void start() throws IOException, InterruptedException {
        BlockingQueue<Integer> ports = new ArrayBlockingQueue<>(1);
        process = ChildJvm.start(SemelHost.class, List.of(directory.toString(), Integer.toString(port)),
                line -> ReportLine.parse(line).ifPresent(said -> ports.add((int) said.counts()[0])));
        Integer told = ports.poll(START_LIMIT_MS, TimeUnit.MILLISECONDS);
        if (told == null) {
            process.close();
            throw new IOException("Semel's server does not serve " + directory + " after " + START_LIMIT_MS + " ms");
        }
        port = told;
    }

    /** The child: serves the directory at the port until it is killed. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        ChildJvm.dieWithParent();
        Semel semel = Semel.open(Path.of(arguments[0]));
        ReportLine.of(Said.SERVES, SemelServer.listen(semel, Integer.parseInt(arguments[1])).port()).say();
        // No thread of the server keeps a JVM alive.
        new CountDownLatch(1).await();
    }

    @Override
    public String title() {
        return "semel";
    }

    @Override
    public String version() {
        return "Semel's server";
    }

    @Override
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void restart() throws IOException, InterruptedException {
        process.kill();
        start();
    }

    @Override
    public void close() {
        process.close();
    }
}
