package io.semel.benchmarks.workload.semel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.semel.benchmarks.workload.Payload;
import io.semel.client.Appender;
import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;

/** The main class of a JVM that fills a directory, says so, and waits to be killed. */
final class KilledWriter {
    static final int PARTITIONS = 100;
    static final String DONE = "written";

    /** So small that a partition of a few dozen megabytes has sealed segments already. */
    private static final int SEGMENT_BYTES = 16 << 20;

    /** Records that one partition is given before it is the next one's turn. */
    private static final int TURN = 1_000;

    private KilledWriter() {
    }

    public static void main(String[] args) throws Exception {
        Thread watch = new Thread(KilledWriter::haltWithParent, "parent-watch");
        watch.setDaemon(true);
        watch.start();
        write(Semel.open(Path.of(args[0])), Long.parseLong(args[1]));
        System.out.println(DONE);
        watch.join();
    }

    private static void write(Semel semel, long records) {
        semel.admin().createTopic(SemelAppend.TOPIC, PARTITIONS, Map.of("segment.bytes", Integer.toString(
                SEGMENT_BYTES)));
        List<Appender> appenders = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            appenders.add(semel.openAppender(DeliverySemantics.AT_MOST_ONCE, SemelAppend.TOPIC, partition));
        }
        byte[] payload = Payload.create(Payload.LARGE);
        int partition = 0;
        for (long first = 0; first < records; first += TURN) {
            SemelAppend.appendBatched(appenders.get(partition), payload, first, Math.min(records, first + TURN));
            partition = (partition + 1) % PARTITIONS;
        }
        appenders.forEach(Appender::awaitAcknowledged);
    }

    /** The standard input ends with whoever started this JVM: nobody would be left to kill it. */
    private static void haltWithParent() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever said.
            }
        } catch (IOException e) {
            // It is as good as over.
        }
        Runtime.getRuntime().halt(1);
    }
}
