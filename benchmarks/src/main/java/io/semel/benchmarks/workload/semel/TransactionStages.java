package io.semel.benchmarks.workload.semel;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

import io.semel.benchmarks.workload.Payload;
import io.semel.benchmarks.workload.Stopwatch;
import io.semel.benchmarks.workload.Workload;
import io.semel.client.Appender;
import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;
import io.semel.client.TransactionalAppender;
import io.semel.client.TransactionalAppender.Target;
import io.semel.log.Durability;
import io.semel.log.batch.RecordBatchWriter;

/**
 * Transactions with more and less in them, and their parts alone, in turns of {@value #TURN} in one JVM: what the
 * machine and the compiler do meanwhile then hits all alike, and the differences are what the stages of a transaction
 * cost. A look at the clock inside of a transaction would cost as much as some of its stages.
 */
public final class TransactionStages implements Workload {
    private static final int TURN = 500;

    private static final String ALONE = "alone";
    private static final String IDEMPOTENT = "idempotent";
    private static final String SECOND = "second";

    /** What is measured. */
    public enum Part {
        /** Begin and commit, and nothing in between. */
        EMPTY("emptyNs"),
        /** Begin, one record, commit. */
        RECORD("recordNs"),
        /** Begin, one record in each of two partitions, commit. */
        TWO_RECORDS("twoRecordsNs"),
        /** Begin, one record, one offset, commit: the tiny transaction. */
        RECORD_AND_OFFSET("recordAndOffsetNs"),
        /** One record is encoded, with its batch's CRC, and goes nowhere. */
        ENCODE("encodeNs"),
        /** One record without a sequence is encoded and appended. */
        PLAIN_APPEND("plainAppendNs"),
        /** One record with a sequence is encoded and appended. */
        IDEMPOTENT_APPEND("idempotentAppendNs");

        private final String figure;

        Part(String figure) {
            this.figure = figure;
        }

        /** The name of its figure, nanoseconds for each. */
        public String figure() {
            return figure;
        }
    }

    /** One after the other, {@code count} times. */
    @FunctionalInterface
    private interface Step {
        void run(int count);
    }

    private final byte[] payload = Payload.create(Payload.SMALL);
    private final RecordBatchWriter encoder = new RecordBatchWriter(Payload.LARGE, Payload.LARGE);
    private long encodedBytes;
    private long offset;

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) throws Exception {
        long turns = Math.max(1, operations / TURN);
        Map<Part, Long> elapsedNs;
        offset = 0;
        encodedBytes = 0;
        try (Semel semel = SemelTransactions.openTopics(directory, 1, Durability.PROCESS)) {
            for (String topic : new String[] {ALONE, IDEMPOTENT, SECOND}) {
                semel.admin().createTopic(topic, 1);
            }
            try (TransactionalAppender appender = semel.openTransactionalAppender(SemelTransactions.GROUP);
                    Appender plain = semel.openAppender(DeliverySemantics.AT_MOST_ONCE, ALONE, 0);
                    Appender idempotent = semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, IDEMPOTENT, 0)) {
                Map<Part, Step> steps = steps(appender, plain, idempotent);
                stopwatch.start();
                elapsedNs = takeTurns(steps, turns);
                stopwatch.stop();
            }
            verify(semel, turns * TURN);
        }
        Map<String, Long> figures = new TreeMap<>();
        elapsedNs.forEach((part, spentNs) -> figures.put(part.figure(), Math.round(spentNs / (double) (turns * TURN))));
        return figures;
    }

    private static Map<Part, Long> takeTurns(Map<Part, Step> steps, long turns) {
        Map<Part, Long> elapsedNs = new EnumMap<>(Part.class);
        for (long turn = 0; turn < turns; turn++) {
            steps.forEach((part, step) -> {
                long startNs = System.nanoTime();
                step.run(TURN);
                elapsedNs.merge(part, System.nanoTime() - startNs, Long::sum);
            });
        }
        return elapsedNs;
    }

    private Map<Part, Step> steps(TransactionalAppender appender, Appender plain, Appender idempotent) {
        Target first = SemelTransactions.target(appender);
        Target second = appender.target(SECOND, 0);
        Map<Part, Step> steps = new EnumMap<>(Part.class);
        steps.put(Part.EMPTY, count -> empty(appender, count));
        steps.put(Part.RECORD, count -> record(appender, first, count));
        steps.put(Part.TWO_RECORDS, count -> twoRecords(appender, first, second, count));
        steps.put(Part.RECORD_AND_OFFSET, count -> recordAndOffset(appender, first, count));
        steps.put(Part.ENCODE, this::encode);
        steps.put(Part.PLAIN_APPEND, count -> SemelAppend.appendOneByOne(plain, payload, 0, count));
        steps.put(Part.IDEMPOTENT_APPEND, count -> SemelAppend.appendOneByOne(idempotent, payload, 0, count));
        return steps;
    }

    private static void empty(TransactionalAppender appender, int count) {
        for (int i = 0; i < count; i++) {
            appender.begin();
            appender.commit();
        }
    }

    private void record(TransactionalAppender appender, Target target, int count) {
        for (int i = 0; i < count; i++) {
            Payload.number(payload, i);
            appender.begin();
            appender.append(target, null, payload);
            appender.commit();
        }
    }

    private void twoRecords(TransactionalAppender appender, Target first, Target second, int count) {
        for (int i = 0; i < count; i++) {
            Payload.number(payload, i);
            appender.begin();
            appender.append(first, null, payload);
            appender.append(second, null, payload);
            appender.commit();
        }
    }

    private void recordAndOffset(TransactionalAppender appender, Target target, int count) {
        for (int i = 0; i < count; i++) {
            Payload.number(payload, i);
            SemelTransactions.transact(appender, target, payload, 0, ++offset);
        }
    }

    private void encode(int count) {
        for (int i = 0; i < count; i++) {
            Payload.number(payload, i);
            encoder.begin(i).tryAppend(i, null, payload);
            encodedBytes += encoder.finish().remaining();
        }
    }

    /** Each part left in the log what it should have. */
    private void verify(Semel semel, long times) {
        long perTransaction = SemelTransactions.OFFSETS_A_TRANSACTION;
        Payload.require("bytes encoded", times * RecordBatchWriter.sizeOf(-1, payload.length), encodedBytes);
        Payload.require("records without sequences", times, end(semel, ALONE));
        Payload.require("records with sequences", times, end(semel, IDEMPOTENT));
        Payload.require("records and markers in the second partition", times * perTransaction, end(semel, SECOND));
        Payload.require("records and markers in the first partition", 3 * times * perTransaction, end(semel,
                SemelTransactions.OUTPUT));
        SemelTransactions.verifyOffsets(semel, 1, times);
    }

    private static long end(Semel semel, String topic) {
        return semel.admin().describeTopic(topic).partitions().get(0).stable();
    }
}
