package io.semel.verify.clients;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

import io.semel.verify.kafka.KafkaBroker;

/** An Apache Kafka broker. */
final class KafkaHost implements Host {
    /** As Semel's server has them: stories are about what is answered, not about what was set. */
    private static final Map<String, String> LIKE_SEMEL = Map.of(
            "auto.create.topics.enable", "true",
            "group.min.session.timeout.ms", "100",
            "transaction.abort.timed.out.transaction.cleanup.interval.ms", "200");

    private final KafkaBroker broker;

    private KafkaHost(KafkaBroker broker) {
        this.broker = broker;
    }

    static KafkaHost open(Path directory) throws IOException, InterruptedException {
        return new KafkaHost(KafkaBroker.create(directory, LIKE_SEMEL));
    }

    @Override
    public String title() {
        return Differences.KAFKA;
    }

    @Override
    public String version() {
        // The build takes broker and clients from one release.
        return "Apache Kafka " + KafkaVersion.read();
    }

    @Override
    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    @Override
    public void restart() throws IOException, InterruptedException {
        broker.stop();
        broker.start();
    }

    @Override
    public void close() {
        broker.close();
    }
}
