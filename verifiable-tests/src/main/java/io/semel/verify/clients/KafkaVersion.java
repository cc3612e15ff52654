package io.semel.verify.clients;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which kafka-clients is on the class path, as its jar says. Stateless. */
final class KafkaVersion {
    private static final String RESOURCE = "/kafka/kafka-version.properties";

    private KafkaVersion() {
    }

    static String read() {
        Properties properties = new Properties();
        try (InputStream content = KafkaVersion.class.getResourceAsStream(RESOURCE)) {
            properties.load(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }
}
