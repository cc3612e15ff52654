package io.semel.transactions.broker;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import io.semel.idempotence.ProducerState;
import io.semel.log.Durability;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordCursor;
import io.semel.transactions.groups.FetchResult;
import io.semel.transactions.groups.FetchedOffset;
import io.semel.transactions.groups.Stability;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionReader;

/** A broker on a real directory, which can crash at any step: it goes on with what {@code kill -9} would have left. */
final class BrokerRig implements AutoCloseable {
    /** Smallest segments, so that tests roll and copies are small. */
    static final Map<String, String> SMALL = Map.of(TopicConfig.SEGMENT_BYTES, "65536");

    /** Files are filled from the front: past a chunk of zeros there is nothing. */
    private static final int CHUNK = 64 << 10;

    final TestClock clock = new TestClock();
    final FullDisk disk = new FullDisk();
    private final Path root;
    private final Durability durability;
    private int lives;
    private long ids;
    private Broker broker;

    BrokerRig(Path root) throws IOException {
        this(root, Durability.PROCESS);
    }

    BrokerRig(Path root, Durability durability) throws IOException {
        this.root = root;
        this.durability = durability;
        this.broker = open();
    }

    private Broker open() throws IOException {
        return Broker.open(directory(), new BrokerContext(disk, clock, () -> new UUID(7, ++ids))
                .withDurability(durability).withSteadyClock(clock::steadyNs));
    }

    Path directory() {
        return root.resolve("life-" + lives);
    }

    Broker broker() {
        return broker;
    }

    BrokerRig topics(String... names) throws IOException {
        for (String name : names) {
            broker.createTopic(name, 1, SMALL);
        }
        return this;
    }

    /** The process dies here and starts again. */
    void crash() throws IOException {
        Path before = directory();
        lives++;
        copy(before, directory());
        broker.close();
        broker = open();
    }

    /**
     * Power is lost here, and with it what nobody forced: of each of these topics all behind its first so many batches.
     */
    void losePower(Map<String, Integer> batchesLeft) throws IOException {
        Path before = directory();
        lives++;
        copy(before, directory());
        for (Map.Entry<String, Integer> each : batchesLeft.entrySet()) {
            dropBehind(each.getValue(), directory().resolve(each.getKey() + "-0").resolve("00000000000000000000.log"));
        }
        disk.reboot();
        broker.close();
        broker = open();
    }

    private static void dropBehind(int batches, Path segment) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            byte[] front = new byte[CHUNK];
            file.readFully(front);
            int end = 0;
            for (int batch = 0; batch < batches; batch++) {
                end += RecordBatchLayout.sizeInBytes(ByteBuffer.wrap(front), end);
            }
            Arrays.fill(front, end, CHUNK, (byte) 0);
            file.seek(0);
            file.write(front);
        }
    }

    /** Keeps a copy of this moment, to which {@link #crashTo} comes back. */
    Path photograph(String name) {
        Path target = root.resolve(name);
        copy(directory(), target);
        return target;
    }

    void crashTo(Path photograph) throws IOException {
        lives++;
        copy(photograph, directory());
        broker.close();
        broker = open();
    }

    void restart() throws IOException {
        broker.close();
        broker = open();
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path each : tree.toList()) {
                Path target = to.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else if (!each.getFileName().toString().equals(".lock")) {
                    // The lock file is left out: closing a descriptor of it would drop the lock of this very process.
                    copyFront(each, target);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copyFront(Path from, Path to) throws IOException {
        byte[] chunk = new byte[CHUNK];
        byte[] zeros = new byte[CHUNK];
        try (RandomAccessFile source = new RandomAccessFile(from.toFile(), "r");
                RandomAccessFile target = new RandomAccessFile(to.toFile(), "rw")) {
            int length = source.read(chunk);
            while (length > 0 && !Arrays.equals(chunk, 0, length, zeros, 0, length)) {
                target.write(chunk, 0, length);
                length = source.read(chunk);
            }
            target.setLength(source.length());
        }
    }

    /** Time passes, and the conductor has its turn. */
    void pass(long ms) {
        clock.advance(ms);
        while (broker.doWork() + broker.flush() > 0) {
            Thread.onSpinWait();
        }
    }

    /** Values that a committed reader sees in partition 0. */
    List<String> committed(String topic) {
        return read(topic, Isolation.READ_COMMITTED);
    }

    List<String> read(String topic, Isolation isolation) {
        List<String> values = new ArrayList<>();
        RecordCursor record = new RecordCursor();
        try (PartitionReader reader = broker.partition(topic, 0).openReader(0, isolation)) {
            while (reader.next()) {
                record.wrap(reader.batch());
                while (record.next()) {
                    values.add(StandardCharsets.UTF_8.decode(record.valueSlice()).toString());
                }
            }
        }
        return values;
    }

    /** The offset that a group has of in-0, or -1. */
    long offsetOf(String group) {
        List<FetchResult> answers = new ArrayList<>();
        broker.groups().fetchAll(group, Stability.ANY, answers::add);
        for (FetchedOffset fetched : answers.get(0).offsets()) {
            if (fetched.committed().isPresent()) {
                return fetched.committed().offset();
            }
        }
        return -1;
    }

    /** T8: nothing holds back a committed reader anywhere. */
    boolean nothingIsOpen() {
        return broker.topics().stream().flatMap(topic -> topic.partitions().stream())
                .allMatch(partition -> partition.stableOffset() == partition.readableOffset());
    }

    /** While its pen is taken a partition lets no marker of that producer in. */
    Runnable barMarkers(long producerId, List<String> topics) {
        List<ProducerState> barred = new ArrayList<>();
        for (String topic : topics) {
            Partition partition = broker.partition(topic, 0);
            ProducerState state = partition.producer(producerId);
            if (state != null) {
                state.pen().take();
                barred.add(state);
            }
        }
        return () -> barred.forEach(state -> state.pen().release());
    }

    @Override
    public void close() throws IOException {
        broker.close();
    }
}
