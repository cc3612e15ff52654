package io.semel.verify.kafka;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import io.semel.client.Appender;
import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;

import static io.semel.client.DeliverySemantics.AT_LEAST_ONCE;
import static io.semel.client.DeliverySemantics.AT_MOST_ONCE;
import static io.semel.client.DeliverySemantics.EXACTLY_ONCE;

/**
 * A partition written by Semel and closed: several segments, idempotent batches of every codec, records written in
 * place, committed and aborted transactions, and fillers where direct claims were given up, one of them at the end.
 *
 * @param uncommitted what Semel's own readers of uncommitted data are shown
 * @param committed what Semel's own readers of committed data are shown
 */
record SemelPartition(Path directory, List<SeenRecord> uncommitted, List<SeenRecord> committed) {
    static final int ABORTED = 20;
    static final int COMMITTED = 60;
    /** One per transaction. */
    static final int FILLERS = ABORTED + COMMITTED;

    private static final String TOPIC = "written-here";
    private static final int RECORDS_PER_TRANSACTION = 8;
    private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");
    private static final byte[] KEY = {'c', 'l', 'a', 'i', 'm'};

    static SemelPartition write(Path home) throws Exception {
        List<SeenRecord> uncommitted;
        List<SeenRecord> committed;
        try (Semel semel = Semel.open(home)) {
            semel.admin().createTopic(TOPIC, 1, Map.of("segment.bytes", "65536"));
            writeTransactions(semel);
            uncommitted = read(semel, AT_LEAST_ONCE);
            committed = read(semel, EXACTLY_ONCE);
        }
        return new SemelPartition(directoryOf(home), uncommitted, committed);
    }

    private static void writeTransactions(Semel semel) throws Exception {
        Random random = new Random(42);
        try (Producer<byte[], byte[]> transactional = producer(semel, EXACTLY_ONCE,
                Map.of("transactional.id", "judged"));
                Appender appender = semel.openAppender(AT_MOST_ONCE, TOPIC, 0)) {
            transactional.initTransactions();
            int codecLength = (ABORTED + COMMITTED) / CODECS.size();
            for (int codec = 0; codec < CODECS.size(); codec++) {
                try (Producer<byte[], byte[]> plain = producer(semel, AT_LEAST_ONCE,
                        Map.of("compression.type", CODECS.get(codec)))) {
                    for (int number = 0; number < codecLength; number++) {
                        writeTransaction(plain, transactional, number, random);
                        writeInPlace(appender, random);
                    }
                }
            }
        }
    }

    private static Producer<byte[], byte[]> producer(Semel semel, DeliverySemantics semantics,
            Map<String, Object> configs) {
        return semel.producer(semantics, configs, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static void writeTransaction(Producer<byte[], byte[]> plain, Producer<byte[], byte[]> transactional,
            int number, Random random) throws Exception {
        transactional.beginTransaction();
        for (int record = 0; record < RECORDS_PER_TRANSACTION; record++) {
            transactional.send(record(random));
            plain.send(record(random));
            if (record % 3 == 0) {
                plain.flush();
            }
        }
        plain.flush();
        // What was only on its way would be dropped by an abort, and nothing of it be there to hide.
        transactional.flush();
        if (number % 4 == 3) {
            transactional.abortTransaction();
        } else {
            transactional.commitTransaction();
        }
    }

    /** A record, and behind it a filler of some length. */
    private static void writeInPlace(Appender appender, Random random) {
        byte[] value = bytes(random, 300);
        appender.claim(KEY, value.length).put(value);
        appender.commit();
        appender.claim(KEY, random.nextInt(300));
        appender.abort();
    }

    private static ProducerRecord<byte[], byte[]> record(Random random) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(TOPIC, 0,
                random.nextInt(4) == 0 ? null : bytes(random, 20), random.nextInt(10) == 0 ? null : bytes(random, 900));
        for (int header = random.nextInt(3); header > 0; header--) {
            record.headers().add("header-" + header, random.nextBoolean() ? null : bytes(random, 10));
        }
        return record;
    }

    private static byte[] bytes(Random random, int bound) {
        return HexFormat.of().toHexDigits(random.nextLong()).repeat(bound).substring(0, random.nextInt(bound))
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static List<SeenRecord> read(Semel semel, DeliverySemantics semantics) {
        try (Consumer<byte[], byte[]> consumer = semel.consumer(semantics, Map.of(), new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            return KafkaClients.readAll(consumer, TOPIC);
        }
    }

    private static Path directoryOf(Path home) throws Exception {
        try (var directories = Files.walk(home)) {
            return directories.filter(path -> path.getFileName().toString().startsWith(TOPIC)
                    && Files.isDirectory(path)).findFirst().orElseThrow();
        }
    }
}
