package io.semel.server.inspect;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import io.semel.client.Appender;
import io.semel.client.DeliverySemantics;
import io.semel.client.Reader;
import io.semel.client.Semel;
import io.semel.client.TransactionalAppender;
import io.semel.client.runtime.Waiting;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A process of its own that writes to compacted, trimmed and forced topics, with transactions committed and aborted,
 * and then dies as by {@code kill -9}, while its background threads compact, delete and force.
 */
final class KilledWriter {
    static final int EXIT_CODE = 9;
    private static final int KEYS = 10;
    private static final List<String> TOPICS = List.of("table", "stream", "forced");

    private KilledWriter() {
    }

    /** @param arguments directory, number of this life, and how many transactions follow the last look at the files */
    public static void main(String[] arguments) throws IOException {
        try (Semel semel = Semel.open(Path.of(arguments[0]))) {
            int life = Integer.parseInt(arguments[1]);
            if (life == 0) {
                create(semel);
            }
            // Stands in the oldest segment, so that what is replaced or dropped can't be deleted.
            Reader reader = semel.openReader(DeliverySemantics.EXACTLY_ONCE, "table", 0, 0);
            reader.poll(record -> {
            }, 1);
            write(semel, life, 120);
            awaitSmall(semel, "table");
            awaitSmall(semel, "stream");
            write(semel, life, Integer.parseInt(arguments[2]));
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    private static void create(Semel semel) {
        Map<String, String> small = Map.of("segment.bytes", "65536", "max.message.bytes", "32768");
        semel.admin().createTopic("table", 1, with(small, Map.of("cleanup.policy", "compact",
                "min.cleanable.dirty.ratio", "0", "delete.retention.ms", "0")));
        semel.admin().createTopic("stream", 1, with(small, Map.of("retention.bytes", "65536")));
        semel.admin().createTopic("forced", 1, with(small, Map.of("semel.durability", "power")));
    }

    private static Map<String, String> with(Map<String, String> some, Map<String, String> others) {
        Map<String, String> all = new HashMap<>(some);
        all.putAll(others);
        return all;
    }

    private static void write(Semel semel, int life, int transactions) {
        try (TransactionalAppender writer = semel.openTransactionalAppender("writer");
                Producer<byte[], byte[]> givingUp = semel.producer(DeliverySemantics.EXACTLY_ONCE, Map.of(
                        "transactional.id", "giving-up"), new ByteArraySerializer(), new ByteArraySerializer());
                Appender plain = semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, "table", 0)) {
            givingUp.initTransactions();
            for (int number = 0; number < transactions; number++) {
                byte[] key = ("k" + number % KEYS).getBytes(UTF_8);
                writer.begin();
                for (String topic : TOPICS) {
                    writer.append(writer.target(topic, 0), key, new byte[2000]);
                }
                writer.commitOffset("readers", "stream", 0, life * 1000 + number);
                writer.commit();
                if (number % 3 == 1) {
                    giveUp(givingUp, key);
                }
                plain.append(key, number % 7 == 0 ? null : new byte[500]);
                plain.flush();
            }
        }
    }

    /** Its records are in the logs before, and not only in the producer's buffer. */
    private static void giveUp(Producer<byte[], byte[]> producer, byte[] key) {
        producer.beginTransaction();
        for (String topic : TOPICS) {
            producer.send(new ProducerRecord<>(topic, 0, key, new byte[1000]));
        }
        producer.flush();
        producer.abortTransaction();
    }

    private static void awaitSmall(Semel semel, String topic) {
        Waiting waiting = Waiting.upTo(Duration.ofSeconds(120), topic + " to be compacted or trimmed");
        while (semel.admin().describeTopic(topic).partitions().get(0).sizeInBytes() > 3 * 65536) {
            waiting.pause();
        }
    }
}
