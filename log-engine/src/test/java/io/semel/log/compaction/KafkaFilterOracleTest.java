package io.semel.log.compaction;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.BufferSupplier;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import io.semel.log.memory.DiskFile;
import io.semel.log.memory.FileDisk;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Kafka's own filter, under the rules of its cleaner, must leave the same batches and records; its reader reads ours. */
class KafkaFilterOracleTest {
    private static final long NOW_MS = 50_000;
    private static final long RETENTION_MS = 700;

    record Rec(int key, boolean tombstone, long timestamp, int size) {
    }

    record Batch(List<Rec> records, CompressionType codec, boolean logAppendTime, long producerId) {
    }

    @Provide
    Arbitrary<List<Batch>> logs() {
        Arbitrary<Rec> records = Combinators.combine(Arbitraries.integers().between(0, 9),
                Arbitraries.of(false, false, false, true), Arbitraries.longs().between(0, 100_000),
                Arbitraries.integers().between(0, 300)).as(Rec::new);
        return Combinators.combine(records.list().ofMinSize(1).ofMaxSize(8), Arbitraries.of(CompressionType.values()),
                Arbitraries.of(false, false, true), Arbitraries.longs().between(-1, 3)).as(Batch::new).list().ofMinSize(
                        1)
                .ofMaxSize(12);
    }

    @Property(tries = 150)
    void whatStaysIsWhatKafkasFilterLeaves(@ForAll("logs") List<Batch> log) throws IOException {
        Path directory = Files.createTempDirectory("semel-filter");
        try {
            MemoryRecords source = MemoryRecords.readableRecords(write(log));
            // A second pass past the horizon takes the tombstones away, a third one finds nothing to do.
            for (long nowMs : new long[] {NOW_MS, NOW_MS + 1, NOW_MS + RETENTION_MS, NOW_MS + 2 * RETENTION_MS}) {
                MemoryRecords theirs = byKafka(source, nowMs);
                MemoryRecords ours = bySemel(directory, source, nowMs);
                assertEquals(describe(theirs), describe(ours), "at " + nowMs);
                source = ours;
            }
        } finally {
            FileDisk.instance().delete(directory);
        }
    }

    private static ByteBuffer write(List<Batch> log) {
        ByteBuffer all = ByteBuffer.allocate(1 << 18);
        long offset = 0;
        for (Batch batch : log) {
            TimestampType type = batch.logAppendTime() ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
            boolean known = batch.producerId() >= 0;
            MemoryRecordsBuilder builder = MemoryRecords.builder(ByteBuffer.allocate(1 << 14),
                    RecordBatch.MAGIC_VALUE_V2, Compression.of(batch.codec()).build(), type, offset, 77_777,
                    batch.producerId(), (short) (known ? 3 : -1), known ? (int) offset : -1, false, 5);
            for (Rec record : batch.records()) {
                builder.append(record.timestamp(), bytes("key" + record.key()), record.tombstone() ? null
                        : bytes("v".repeat(record.size()) + offset), new RecordHeader[] {
                            new RecordHeader("h" + offset, record.tombstone() ? null : bytes("x"))});
                offset++;
            }
            all.put(builder.build().buffer());
            // A hole, as an earlier compaction leaves it.
            offset += batch.records().size() % 2;
        }
        return all.flip();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(ByteBuffer bytes) {
        return bytes == null ? null : StandardCharsets.UTF_8.decode(bytes).toString();
    }

    private static long lastOffset(MemoryRecords records) {
        long last = -1;
        for (RecordBatch batch : records.batches()) {
            last = batch.lastOffset();
        }
        return last;
    }

    private static MemoryRecords byKafka(MemoryRecords source, long nowMs) {
        Map<String, Long> newest = new HashMap<>();
        for (Record record : source.records()) {
            newest.put(text(record.key()), record.offset());
        }
        long last = lastOffset(source);
        ByteBuffer target = ByteBuffer.allocate(1 << 18);
        source.filterTo(new MemoryRecords.RecordFilter(nowMs, RETENTION_MS) {
            @Override
            protected BatchRetentionResult checkBatchRetention(RecordBatch batch) {
                // What is remembered of a producer stays, and so does the last batch.
                boolean stays = isRemembered(batch.producerId(), batch.baseOffset(), last) || batch
                        .lastOffset() == last;
                return new BatchRetentionResult(stays ? BatchRetention.RETAIN_EMPTY : BatchRetention.DELETE_EMPTY,
                        false);
            }

            @Override
            protected boolean shouldRetainRecord(RecordBatch batch, Record record) {
                boolean expired = !record.hasValue() && batch.deleteHorizonMs().isPresent()
                        && batch.deleteHorizonMs().getAsLong() <= nowMs;
                return newest.get(text(record.key())) == record.offset() && !expired;
            }
        }, target, BufferSupplier.NO_CACHING, Integer.MAX_VALUE);
        return MemoryRecords.readableRecords(target.flip());
    }

    private static boolean isRemembered(long producerId, long offset, long last) {
        return producerId == 2 && offset > last / 2;
    }

    private static MemoryRecords bySemel(Path directory, MemoryRecords source, long nowMs) throws IOException {
        long last = lastOffset(source);
        CompactionGuide guide = new CompactionGuide() {
            @Override
            public long stableOffset() {
                return Long.MAX_VALUE;
            }

            @Override
            public boolean isAborted(long producerId, long offset) {
                return false;
            }

            @Override
            public long rememberedFrom(long producerId) {
                return producerId == 2 ? last / 2 + 1 : Long.MAX_VALUE;
            }

            @Override
            public void abortedDataGone(long belowOffset) {
            }
        };
        Path cleanedPath = directory.resolve("cleaned" + nowMs);
        try (DiskFile file = FileDisk.instance().open(directory.resolve("source" + nowMs));
                DiskFile cleaned = FileDisk.instance().open(cleanedPath)) {
            ByteBuffer bytes = source.buffer().duplicate();
            int length = bytes.remaining();
            file.write(bytes, 0);
            OffsetMap newest = new OffsetMap();
            DirtyMapper mapper = new DirtyMapper(newest, guide, 0, Long.MAX_VALUE, Long.MAX_VALUE);
            BatchWalk walk = new BatchWalk().begin(file, length);
            while (walk.next()) {
                mapper.map(walk.batch());
            }
            RunCleaner cleaner = new RunCleaner(FileDisk.instance(), new CleaningRules(newest, mapper.mappedOffset(),
                    guide, nowMs,
                    RETENTION_MS, Long.MAX_VALUE), new CompactionProgress());
            cleaner.begin(List.of(new RunCleaner.Source(directory.resolve("source" + nowMs), length)), 1 << 20, cleaned,
                    (batch, position) -> {
                    });
            while (!cleaner.step(100)) {
                Thread.onSpinWait();
            }
            cleaner.finish();
        }
        try (FileRecords records = FileRecords.open(cleanedPath.toFile(), false)) {
            ByteBuffer read = ByteBuffer.allocate(records.sizeInBytes());
            records.readInto(read, 0);
            return MemoryRecords.readableRecords(read);
        }
    }

    private static List<String> describe(MemoryRecords records) {
        List<String> lines = new ArrayList<>();
        for (RecordBatch batch : records.batches()) {
            batch.ensureValid();
            // Kafka keeps the producer of an empty last batch and of nobody; ours says only that the offsets are taken.
            boolean nobody = batch.countOrNull() == 0
                    && !isRemembered(batch.producerId(), batch.baseOffset(), lastOffset(records));
            lines.add("batch " + batch.baseOffset() + ".." + batch.lastOffset() + " epoch="
                    + batch.partitionLeaderEpoch() + " horizon=" + batch.deleteHorizonMs() + " max="
                    + batch.maxTimestamp() + " count=" + batch.countOrNull() + (nobody ? ""
                            : " producer=" + batch.producerId() + '/' + batch.producerEpoch() + '/'
                                    + batch.baseSequence() + ".." + batch.lastSequence() + " codec="
                                    + (batch.countOrNull() == 0 ? "" : batch.compressionType()) + " "
                                    + batch.timestampType()));
            for (Record record : batch) {
                record.ensureValid();
                lines.add("  " + record.offset() + " @" + record.timestamp() + " " + text(record.key()) + "="
                        + text(record.value()) + " " + java.util.Arrays.toString(record.headers()));
            }
        }
        return lines;
    }
}
