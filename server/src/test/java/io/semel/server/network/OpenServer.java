package io.semel.server.network;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;

import io.semel.client.Semel;
import io.semel.server.SemelServer;

/** A directory with its port open, for tests that come as Kafka's clients do. */
public final class OpenServer implements AutoCloseable {
    private final Semel semel;
    private final SemelServer server;

    private OpenServer(Semel semel, SemelServer server) {
        this.semel = semel;
        this.server = server;
    }

    public static OpenServer in(Path directory) throws IOException {
        Semel semel = Semel.open(directory);
        try {
            return new OpenServer(semel, SemelServer.listen(semel, 0));
        } catch (IOException | RuntimeException e) {
            semel.close();
            throw e;
        }
    }

    public Semel semel() {
        return semel;
    }

    public SemelServer server() {
        return server;
    }

    /** What a client needs to find the server, to be added to. */
    public Map<String, Object> clientConfigs() {
        Map<String, Object> configs = new HashMap<>();
        configs.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, server.bootstrapServers());
        return configs;
    }

    /** Of kafka-clients; the caller closes it. */
    public Admin admin() {
        return Admin.create(clientConfigs());
    }

    @Override
    public void close() throws IOException {
        semel.close();
    }
}
