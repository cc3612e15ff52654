package io.semel.server.inspect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import io.semel.client.Appender;
import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;
import io.semel.client.TransactionalAppender;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A directory with something of everything, written through Semel and closed. */
public final class WrittenDirectory {
    private static final int TRANSACTIONS = 62;

    private WrittenDirectory() {
    }

    public static Path write(Path directory) throws IOException {
        try (Semel semel = Semel.open(directory)) {
            semel.admin().createTopic("orders", 2, Map.of("segment.bytes", "65536", "max.message.bytes", "16384"));
            semel.admin().createTopic("gone", 1);
            transactions(semel);
            aborted(semel);
            compressed(semel);
            fillers(semel);
            semel.admin().deleteTopic("gone");
        }
        // A second opening: another checkpoint, and producers that came back from the first.
        try (Semel semel = Semel.open(directory)) {
            transactions(semel);
        }
        return directory;
    }

    private static void transactions(Semel semel) {
        try (TransactionalAppender appender = semel.openTransactionalAppender("writer")) {
            for (int number = 0; number < TRANSACTIONS; number++) {
                appender.begin();
                appender.append(appender.target("orders", 0), ("key-" + number).getBytes(UTF_8), new byte[4000]);
                appender.append(appender.target("orders", 1), null, "small".getBytes(UTF_8));
                appender.commitOffset("readers", "orders", 0, number);
                if (number % 3 == 2) {
                    appender.abort();
                } else {
                    appender.commit();
                }
            }
        }
    }

    /** Flushed before it is given up: the records stand in the log, and then an abort marker. */
    private static void aborted(Semel semel) {
        try (Producer<byte[], byte[]> producer = semel.producer(DeliverySemantics.EXACTLY_ONCE, Map.of(
                "transactional.id", "giver-up"), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            for (int number = 0; number < 10; number++) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("orders", 0, null, new byte[1000]));
                producer.send(new ProducerRecord<>("orders", 1, null, new byte[10]));
                producer.flush();
                producer.abortTransaction();
            }
        }
    }

    private static void compressed(Semel semel) {
        for (String codec : new String[] {"gzip", "snappy", "lz4", "zstd"}) {
            try (Producer<byte[], byte[]> producer = semel.producer(DeliverySemantics.AT_LEAST_ONCE, Map.of(
                    "compression.type", codec), new ByteArraySerializer(), new ByteArraySerializer())) {
                for (int number = 0; number < 20; number++) {
                    producer.send(new ProducerRecord<>("orders", 1, null, "once and only once".repeat(9).getBytes(
                            UTF_8)));
                }
                producer.flush();
            }
        }
    }

    private static void fillers(Semel semel) {
        try (Appender appender = semel.openAppender(DeliverySemantics.AT_MOST_ONCE, "orders", 1)) {
            appender.claim(null, 100);
            appender.abort();
            appender.append(null, "after a filler".getBytes(UTF_8));
        }
    }
}
