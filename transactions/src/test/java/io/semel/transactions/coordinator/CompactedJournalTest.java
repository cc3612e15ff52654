package io.semel.transactions.coordinator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import io.semel.log.Append;
import io.semel.log.Claim;
import io.semel.log.CleanupPolicy;
import io.semel.log.CompactionConfig;
import io.semel.log.CompactionResources;
import io.semel.log.Log;
import io.semel.log.LogConfig;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.log.compaction.CompactionGuide;
import io.semel.log.memory.FileDisk;
import io.semel.transactions.records.TransactionHome;
import io.semel.transactions.records.TransactionIdentity;
import io.semel.transactions.records.TransactionLogValue;
import io.semel.transactions.records.TransactionStatus;
import io.semel.transactions.records.TransactionTopic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** L4 of {@code __transaction_state}: the compacted journal says of every transactional id what the whole one said. */
class CompactedJournalTest {
    private static final LogConfig CONFIG = LogConfig.DEFAULT.withSegmentBytes(LogConfig.MIN_SEGMENT_BYTES)
            .withCompaction(new CompactionConfig(CleanupPolicy.COMPACT, 0, 0, Long.MAX_VALUE, 0));
    private static final int IDS = 6;
    private static final String LARGE = "i".repeat(3_000);

    @Property(tries = 30)
    void foldingTheCompactedJournalGivesTheSameIds(@ForAll long seed) throws IOException {
        Path directory = Files.createTempDirectory("semel-compacted-journal");
        Random random = new Random(seed);
        RecordBatchWriter batch = new RecordBatchWriter(1024, 1 << 16);
        Map<String, String> latest = new HashMap<>();
        CompactionResources resources = new CompactionResources();
        long nowMs = 1_000_000;
        try {
            for (int round = 0; round < 3; round++) {
                DecisionJournal.Fold found = new DecisionJournal.Fold();
                try (Log log = Log.open(FileDisk.instance(), directory, CONFIG, found)) {
                    assertEquals(latest, described(found.take()));
                    for (int step = 0; step < 40; step++) {
                        String id = LARGE + random.nextInt(IDS);
                        TransactionLogValue value = aRecord(random, nowMs++);
                        boolean tombstone = random.nextInt(8) == 0;
                        append(log, batch, id, tombstone ? null : value, nowMs);
                        if (tombstone) {
                            latest.remove(id);
                        } else {
                            latest.put(id, described(value));
                        }
                    }
                    nowMs += 60_000;
                    compact(log, resources, nowMs);
                    assertTrue(log.compaction().compactedOffset() > 0);
                }
            }
            DecisionJournal.Fold found = new DecisionJournal.Fold();
            Log.open(FileDisk.instance(), directory, CONFIG, found).close();
            assertEquals(latest, described(found.take()));
        } finally {
            FileDisk.instance().delete(directory);
        }
    }

    private static TransactionLogValue aRecord(Random random, long nowMs) {
        TransactionStatus[] statuses = TransactionStatus.values();
        TransactionIdentity identity = new TransactionIdentity(random.nextInt(100), (short) random.nextInt(9),
                random.nextInt(100), TransactionIdentity.NO_PRODUCER_ID, TransactionIdentity.NO_PRODUCER_EPOCH,
                (short) 0);
        return new TransactionLogValue(identity, 1000, statuses[random.nextInt(statuses.length)],
                List.of(new TransactionTopic("orders", new int[] {random.nextInt(5)})), nowMs, nowMs,
                TransactionHome.EMBEDDED, new long[] {random.nextInt(1000)});
    }

    private static void append(Log log, RecordBatchWriter batch, String id, TransactionLogValue value, long nowMs) {
        ByteBuffer key = DecisionJournal.keyOf(id);
        byte[] keyBytes = new byte[key.remaining()];
        key.get(0, keyBytes);
        byte[] valueBytes = null;
        if (value != null) {
            ByteBuffer encoded = value.encode();
            valueBytes = new byte[encoded.remaining()];
            encoded.get(0, valueBytes);
        }
        batch.begin(nowMs).tryAppend(nowMs, keyBytes, valueBytes);
        ByteBuffer finished = batch.finish();
        Claim claim = new Claim();
        long offset = log.append(claim, finished);
        while (offset == Append.BACK_PRESSURED) {
            log.doWork();
            offset = log.append(claim, finished);
        }
        assertTrue(offset >= 0, Append.describe(offset));
    }

    private static void compact(Log log, CompactionResources resources, long nowMs) {
        settle(log);
        int done;
        do {
            done = log.compact(nowMs, CompactionGuide.NO_TRANSACTIONS, resources);
            settle(log);
            done += log.compact(nowMs, CompactionGuide.NO_TRANSACTIONS, resources);
        } while (done > 0);
    }

    private static void settle(Log log) {
        while (log.doWork() + log.flush() > 0) {
            Thread.onSpinWait();
        }
    }

    private static Map<String, String> described(Map<String, TransactionLogValue> values) {
        Map<String, String> described = new HashMap<>();
        values.forEach((id, value) -> described.put(id, described(value)));
        return described;
    }

    /** The bytes say all of it. */
    private static String described(TransactionLogValue value) {
        ByteBuffer encoded = value.encode();
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(0, bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
