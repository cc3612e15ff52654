package io.semel.server.operate;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.semel.client.Semel;
import io.semel.server.CommandLines;
import io.semel.server.ScratchDirectory;
import io.semel.server.SemelServer;
import io.semel.server.UsageException;
import io.semel.server.monitor.AdminPort;
import io.semel.server.monitor.JmxBeans;
import io.semel.server.monitor.ServerMetrics;
import io.semel.server.network.request.Authorizer;

/**
 * One server from its first line to its last: opened by the main thread, closed by the thread that the JVM runs when a
 * signal ends it.
 *
 * <p>Thread rule: as said; {@link #close} is for both.
 */
final class ServerRun {
    private final ServerPlan plan;
    private final PrintWriter out;
    private final PrintWriter err;
    /** Never opened: whoever waits at it waits for the end of the process. */
    private final CountDownLatch end = new CountDownLatch(1);
    private AdminPort admin;
    private Semel semel;
    private SemelServer server;
    private JmxBeans beans;
    private volatile boolean ready;

    private ServerRun(ServerPlan plan, PrintWriter out, PrintWriter err) {
        this.plan = plan;
        this.out = out;
        this.err = err;
    }

    /** Returns when opening failed, with an exception; else the JVM ends in it. */
    static int run(ServerPlan plan, PrintWriter out, PrintWriter err) throws Exception {
        ServerRun run = new ServerRun(plan, out, err);
        run.warn();
        Thread stop = new Thread(run::stop, "semel-stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            run.open();
            run.end.await();
            return CommandLines.GOOD;
        } catch (IOException | RuntimeException e) {
            run.close(e);
            throw e;
        }
    }

    private void warn() {
        if (!plan.settings().meaningless().isEmpty()) {
            out.println("no meaning here, read over: " + String.join(", ", plan.settings().meaningless()));
        }
        if (plan.listeners().isOpenToOthers()) {
            err.println("semel: WARNING: " + plan.listeners().host() + ':' + plan.listeners().port() + " can be reached"
                    + " from other machines, and nobody is asked who he is: whoever reaches it reads and writes"
                    + " everything");
        }
        if (plan.brokers() > 1) {
            out.println(plan.brokers() + " brokers are " + plan.brokers() + " ports to one copy of the data: this is"
                    + " not replication");
        }
        out.flush();
    }

    private synchronized void open() throws IOException {
        openAdminPort();
        long beganNs = System.nanoTime();
        try (ScratchDirectory checked = ScratchDirectory.open(plan.data(), "semel")) {
            semel = Semel.open(checked.path(), plan.durability(), plan.limits(), plan.settings().ofDirectory());
        }
        long openMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNs);
        server = listen();
        ServerMetrics metrics = new ServerMetrics(semel.runtime().broker(), server.door());
        beans = JmxBeans.register(metrics);
        StartLine line = new StartLine(plan, semel, server, openMs);
        if (admin != null) {
            admin.serves(metrics);
            line.adminAt(admin.address());
        }
        out.println(line.text());
        out.flush();
        ready = true;
    }

    private void openAdminPort() {
        if (plan.admin().isPresent()) {
            try {
                admin = AdminPort.open(plan.admin().get());
            } catch (IOException e) {
                throw new UsageException(e.getMessage(), e);
            }
        }
    }

    private SemelServer listen() {
        try {
            return SemelServer.listen(semel, plan.places(), plan.settings(), Authorizer.ALLOW_ALL);
        } catch (IOException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    /** By the JVM, on a signal. What is opened just now is left to recovery: it is made for that. */
    private void stop() {
        if (!isReady()) {
            return;
        }
        out.println("stopping: answers what is under way, then closes " + plan.data());
        out.flush();
        int code = CommandLines.GOOD;
        try {
            close();
            out.println("stopped");
        } catch (IOException | RuntimeException e) {
            err.println("semel: not closed well: " + e + "; nothing that was acknowledged is lost, the next opening"
                    + " mends the rest");
            code = CommandLines.DAMAGE;
        }
        out.flush();
        err.flush();
        // The code that a signal gives would say nothing of how it went.
        Runtime.getRuntime().halt(code);
    }

    /** Not synchronized with an opening that takes long: a signal in between ends the process at once. */
    private boolean isReady() {
        return ready;
    }

    private void close(Exception cause) {
        try {
            close();
        } catch (IOException | RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    private synchronized void close() throws IOException {
        ready = false;
        if (admin != null) {
            admin.stops();
        }
        try {
            if (beans != null) {
                beans.close();
            }
            if (server != null) {
                server.close();
            }
            if (semel != null) {
                semel.close();
            }
        } finally {
            if (admin != null) {
                admin.close();
            }
        }
    }
}
