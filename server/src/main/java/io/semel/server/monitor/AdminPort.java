package io.semel.server.monitor;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.netty.util.concurrent.DefaultThreadFactory;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * {@code /health/live}, {@code /health/ready} and {@code /metrics} over plain HTTP, for whoever watches the process. It
 * is there before the directory is open, so that a long opening can be told from a dead process.
 *
 * <p>Thread rule: opened and closed by one thread; told what there is by any.
 */
public final class AdminPort implements AutoCloseable {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    /** A scraper and an orchestrator. */
    private static final int THREADS = 2;
    private static final int MAX_WAITING = 64;

    /** Seconds for a request or an answer: the JDK's server waits for ever unless it is told, before its first use. */
    private static final String PATIENCE_SECONDS = "10";

    private final HttpServer http;
    private final ExecutorService threads;
    private volatile State state = new State(false, "opening");
    private volatile ServerMetrics metrics;

    private record State(boolean isReady, String text) {
    }

    private AdminPort(HttpServer http, ExecutorService threads) {
        this.http = http;
        this.threads = threads;
    }

    /**
     * Alive from now on, and not ready.
     *
     * @throws IOException when the port can't be had
     */
    public static AdminPort open(InetSocketAddress address) throws IOException {
        setUnlessSet("sun.net.httpserver.maxReqTime");
        setUnlessSet("sun.net.httpserver.maxRspTime");
        HttpServer http;
        try {
            http = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new IOException("can't listen on " + address.getHostString() + ':' + address.getPort()
                    + " for health and metrics: " + e.getMessage() + "; choose another port, or 0 for any", e);
        }
        ExecutorService threads = new ThreadPoolExecutor(THREADS, THREADS, 1, TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(MAX_WAITING), new DefaultThreadFactory("semel-admin", true));
        AdminPort port = new AdminPort(http, threads);
        http.setExecutor(threads);
        http.createContext("/health/live", exchange -> answer(exchange, 200, TEXT, "live\n"));
        http.createContext("/health/ready", port::ready);
        http.createContext("/metrics", port::metrics);
        http.start();
        return port;
    }

    private static void setUnlessSet(String property) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, PATIENCE_SECONDS);
        }
    }

    /** Where it is, with the port that was free. */
    public InetSocketAddress address() {
        return http.getAddress();
    }

    /** From now on it is ready, and has metrics to show. */
    public void serves(ServerMetrics shown) {
        metrics = shown;
        state = new State(true, "ready");
    }

    /** From now on it is alive and not ready. */
    public void stops() {
        state = new State(false, "stopping");
    }

    private void ready(HttpExchange exchange) throws IOException {
        State now = state;
        answer(exchange, now.isReady ? 200 : 503, TEXT, now.text + '\n');
    }

    private void metrics(HttpExchange exchange) throws IOException {
        ServerMetrics shown = metrics;
        if (shown == null || !state.isReady) {
            answer(exchange, 503, TEXT, state.text + '\n');
            return;
        }
        String text;
        try {
            text = shown.prometheus();
        } catch (IllegalStateException e) {
            // Closed while they were added up.
            answer(exchange, 503, TEXT, e.getMessage() + '\n');
            return;
        }
        answer(exchange, 200, PROMETHEUS, text);
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals(exchange.getHttpContext().getPath())) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            boolean isHead = exchange.getRequestMethod().equals("HEAD");
            if (!isHead && !exchange.getRequestMethod().equals("GET")) {
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, isHead ? -1 : bytes.length);
            if (!isHead) {
                try (OutputStream body = exchange.getResponseBody()) {
                    body.write(bytes);
                }
            }
        }
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
