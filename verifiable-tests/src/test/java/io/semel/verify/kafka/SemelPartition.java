package io.semel.verify.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;

import static io.semel.client.DeliverySemantics.AT_LEAST_ONCE;
import static io.semel.client.DeliverySemantics.EXACTLY_ONCE;

/**
 * A partition written by Semel and closed: several segments, plain and idempotent batches, committed and aborted
 * transactions, at the end a filler.
 *
 * @param uncommitted what Semel's own readers of uncommitted data are shown
 * @param committed what Semel's own readers of committed data are shown
 * @param endOffset of the next record
 */
record SemelPartition(Path directory, List<SeenRecord> uncommitted, List<SeenRecord> committed, long endOffset) {
    static final int ABORTED = 20;
    static final int COMMITTED = 60;
    /** Offsets that the filler at the end takes. */
    static final int FILLED_OFFSETS = 5;

    private static final String TOPIC = "written-here";
    private static final int RECORDS_PER_TRANSACTION = 8;

    static SemelPartition write(Path home) throws Exception {
        List<SeenRecord> uncommitted;
        List<SeenRecord> committed;
        try (Semel semel = Semel.open(home)) {
            semel.admin().createTopic(TOPIC, 1, Map.of("segment.bytes", "65536"));
            writeTransactions(semel);
            uncommitted = read(semel, AT_LEAST_ONCE);
            committed = read(semel, EXACTLY_ONCE);
        }
        Path directory = directoryOf(home);
        return new SemelPartition(directory, uncommitted, committed, appendFiller(directory));
    }

    private static void writeTransactions(Semel semel) throws Exception {
        Random random = new Random(42);
        try (Producer<byte[], byte[]> plain = producer(semel, AT_LEAST_ONCE, Map.of());
                Producer<byte[], byte[]> transactional = producer(semel, EXACTLY_ONCE,
                        Map.of("transactional.id", "judged"))) {
            transactional.initTransactions();
            for (int number = 0; number < ABORTED + COMMITTED; number++) {
                writeTransaction(plain, transactional, number, random);
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
            plain.send(record(random)).get();
        }
        if (number % 4 == 3) {
            transactional.abortTransaction();
        } else {
            transactional.commitTransaction();
        }
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

    /** Returns the offset after it. */
    private static long appendFiller(Path directory) throws Exception {
        SeenPartition before = SeenPartition.read(directory);
        SeenBatch last = before.batches().get(before.batches().size() - 1);
        Files.write(before.segments().get(before.segments().size() - 1), filler(last.lastOffset() + 1),
                StandardOpenOption.APPEND);
        return last.lastOffset() + 1 + FILLED_OFFSETS;
    }

    /** What an abandoned claim leaves: one control record of a type that nobody knows, over all the claimed offsets. */
    private static byte[] filler(long baseOffset) {
        byte[] padding = "nothing".getBytes(StandardCharsets.US_ASCII);
        int bodyLength = 1 + 1 + 1 + 1 + 4 + 1 + padding.length + 1;
        int sizeInBytes = 61 + 1 + bodyLength;
        ByteBuffer filler = ByteBuffer.allocate(sizeInBytes);
        filler.putLong(baseOffset).putInt(sizeInBytes - 12).putInt(0).put((byte) 2).putInt(0);
        int crcStart = filler.position();
        filler.putShort((short) 0x20).putInt(FILLED_OFFSETS - 1).putLong(1_000).putLong(1_000)
                .putLong(-1).putShort((short) -1).putInt(-1).putInt(1);
        // The record: length, attributes, timestamp delta, offset delta, key (version 0, type 99), value, no headers.
        filler.put((byte) (bodyLength * 2)).put((byte) 0).put((byte) 0).put((byte) 0)
                .put((byte) 8).putShort((short) 0).putShort((short) 99)
                .put((byte) (padding.length * 2)).put(padding).put((byte) 0);
        CRC32C crc = new CRC32C();
        crc.update(filler.array(), crcStart, sizeInBytes - crcStart);
        filler.putInt(crcStart - Integer.BYTES, (int) crc.getValue());
        return Arrays.copyOf(filler.array(), filler.position());
    }
}
