package io.semel.verify.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

import io.semel.log.batch.RecordBatchWriter;
import io.semel.verify.disk.Journal;

/**
 * Where a life's answers go: into the journal, the counts and the hash. It also has the pencil. Thread rule: one
 * thread.
 */
final class Tape {
    private static final int MAX_BATCH_BYTES = 8192;

    private final Journal journal;
    /** Somebody reads it; of millions of lives nobody does, and their words would be a quarter of the work. */
    private final boolean tells;
    private final ProtocolCounts counts;
    private final RecordBatchWriter writer = new RecordBatchWriter(256, MAX_BATCH_BYTES);
    private long hash;

    Tape(Journal journal, ProtocolCounts counts) {
        this.journal = journal;
        this.tells = journal != Journal.SILENT;
        this.counts = counts;
    }

    void note(String what, long answer) {
        note(() -> what, answer);
    }

    void note(Supplier<String> what, long answer) {
        if (tells) {
            journal.note("    " + what.get() + ":", answer);
        }
        mix(answer);
    }

    void note(String what, Enum<?> answer) {
        note(() -> what, answer);
    }

    void note(Supplier<String> what, Enum<?> answer) {
        if (tells) {
            journal.note("    " + what.get() + ": " + answer);
        }
        mix(answer.name().hashCode());
    }

    /** What is no answer. */
    void note(Object what) {
        if (tells) {
            journal.note(what.toString());
        }
    }

    void count(Count what) {
        counts.add(what, 1);
    }

    void count(Count what, long count) {
        counts.add(what, count);
    }

    private void mix(long value) {
        hash = Long.rotateLeft(hash, 7) * 0x9E3779B97F4A7C15L + value;
    }

    long hash() {
        return hash;
    }

    /** The batch as a producer sends it. */
    ByteBuffer encode(long nowMs, Batch batch) {
        writer.begin(nowMs);
        if (batch.producerId() != Batch.NO_PRODUCER) {
            writer.producer(batch.producerId(), batch.epoch(), batch.sequence());
        }
        if (batch.transactional()) {
            writer.asTransactional();
        }
        for (String text : batch.texts()) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            writer.tryAppend(nowMs, bytes, bytes);
        }
        return writer.finish();
    }

    ByteBuffer encode(long nowMs, byte[] key, byte[] value) {
        writer.begin(nowMs).tryAppend(nowMs, key, value);
        return writer.finish();
    }
}
