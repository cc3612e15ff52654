package io.semel.benchmarks.workload.semel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import org.apache.kafka.common.TopicPartition;

import io.semel.benchmarks.workload.Payload;
import io.semel.benchmarks.workload.Transactions;
import io.semel.client.Semel;
import io.semel.client.TransactionalAppender;
import io.semel.client.TransactionalAppender.Target;
import io.semel.log.Durability;

/**
 * The smallest transactions there are, through the TransactionalAppender: begin, one record, the offset that it was
 * made from, commit. All producers write to one partition, each under a transactional id of its own.
 */
public final class SemelTransactions implements Transactions {
    static final String INPUT = "input";
    static final String OUTPUT = "output";
    static final String GROUP = "bench";

    /** Each transaction leaves its record and its marker. */
    static final int OFFSETS_A_TRANSACTION = 2;

    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Semel semel;
    private final int producers;
    private final Content content;

    /** What a transaction consists of. */
    public enum Content {
        RECORD, RECORD_AND_OFFSET
    }

    private SemelTransactions(Semel semel, int producers, Content content) {
        this.semel = semel;
        this.producers = producers;
        this.content = content;
    }

    public static Transactions open(Path directory, int producers, Durability durability, Content content)
            throws Exception {
        return new SemelTransactions(openTopics(directory, producers, durability), producers, content);
    }

    /** Shared with the JMH benchmarks. */
    public static Semel openTopics(Path directory, int producers, Durability durability) throws Exception {
        Semel semel = Semel.open(directory, durability);
        semel.admin().createTopic(INPUT, producers);
        semel.admin().createTopic(OUTPUT, 1);
        return semel;
    }

    @Override
    public Committer join(int producer) {
        return switch (content) {
            case RECORD -> new RecordCommitter(appender(semel, producer));
            case RECORD_AND_OFFSET -> committer(semel, producer);
        };
    }

    private static TransactionalAppender appender(Semel semel, int producer) {
        return semel.openTransactionalAppender(GROUP + '-' + producer);
    }

    /** @param producer counted from 0; it reads the input partition of that number */
    static Committer committer(Semel semel, int producer) {
        return new OffsetCommitter(appender(semel, producer), producer);
    }

    private static final class RecordCommitter implements Committer {
        private final byte[] payload = Payload.create(Payload.SMALL);
        private final TransactionalAppender appender;
        private final Target target;

        RecordCommitter(TransactionalAppender appender) {
            this.appender = appender;
            this.target = target(appender);
        }

        @Override
        public void transact(long number) {
            Payload.number(payload, number);
            appender.begin();
            appender.append(target, null, payload);
            appender.commit();
        }

        @Override
        public void close() {
            appender.close();
        }
    }

    private static final class OffsetCommitter implements Committer {
        private final byte[] payload = Payload.create(Payload.SMALL);
        private final TransactionalAppender appender;
        private final Target target;
        private final int inputPartition;
        private long consumed;

        OffsetCommitter(TransactionalAppender appender, int inputPartition) {
            this.appender = appender;
            this.target = target(appender);
            this.inputPartition = inputPartition;
        }

        @Override
        public void transact(long number) {
            Payload.number(payload, number);
            SemelTransactions.transact(appender, target, payload, inputPartition, ++consumed);
        }

        @Override
        public void close() {
            appender.close();
        }
    }

    /** Shared with the JMH benchmarks. */
    public static Target target(TransactionalAppender appender) {
        return appender.target(OUTPUT, 0);
    }

    /** Shared with the JMH benchmarks. */
    public static void transact(TransactionalAppender appender, Target target, byte[] payload, int inputPartition,
            long consumed) {
        appender.begin();
        appender.append(target, null, payload);
        appender.commitOffset(GROUP, INPUT, inputPartition, consumed);
        appender.commit();
    }

    @Override
    public void verify(long operations) {
        verify(semel, operations);
        if (content == Content.RECORD_AND_OFFSET) {
            verifyOffsets(semel, producers, operations);
        }
    }

    static void verify(Semel semel, long operations) {
        long expected = operations * OFFSETS_A_TRANSACTION;
        // In POWER a commit is answered once its decision is on the medium; its markers, which readers see, are there
        // soon.
        long endNs = System.nanoTime() + PATIENCE_NS;
        while (stable(semel) < expected && System.nanoTime() - endNs < 0) {
            LockSupport.parkNanos(LOOK_NS);
        }
        Payload.require("stable offset", expected, stable(semel));
        SemelCheck.committedOnce(semel, OUTPUT, operations);
    }

    private static long stable(Semel semel) {
        return semel.admin().describeTopic(OUTPUT).partitions().get(0).stable();
    }

    static void verifyOffsets(Semel semel, int producers, long operations) {
        var offsets = semel.admin().groupOffsets(GROUP);
        Payload.require("sum of committed offsets", operations, IntStream.range(0, producers).mapToLong(
                partition -> offsets.get(new TopicPartition(INPUT, partition)).offset()).sum());
    }

    @Override
    public void close() throws IOException {
        semel.close();
    }
}
