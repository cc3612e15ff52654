package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

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
import io.semel.transactions.records.AccessEntry;
import io.semel.transactions.records.MetadataRecord;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** L4 of {@code __semel_metadata}: folding the compacted log gives what folding all of it gave. */
class CompactedMetadataTest {
    private static final LogConfig CONFIG = LogConfig.DEFAULT.withSegmentBytes(LogConfig.MIN_SEGMENT_BYTES)
            .withCompaction(new CompactionConfig(CleanupPolicy.COMPACT, 0, 0, Long.MAX_VALUE, 0));
    private static final String LARGE = "v".repeat(3_000);

    @Property(tries = 30)
    void foldingTheCompactedLogGivesTheSameState(@ForAll long seed) throws IOException {
        Path directory = Files.createTempDirectory("semel-compacted-metadata");
        try (Life life = new Life(directory, new Random(seed))) {
            for (int step = 0; step < 150; step++) {
                life.step();
                if (step % 50 == 49) {
                    life.compact();
                }
            }
        } finally {
            FileDisk.instance().delete(directory);
        }
    }

    private static final class Life implements AutoCloseable {
        private final Path directory;
        private final Random random;
        private final Claim claim = new Claim();
        private final RecordBatchWriter batch = new RecordBatchWriter(1024, 1 << 16);
        private final CompactionResources resources = new CompactionResources();
        private final List<MetadataRecord.TopicCreated> existing = new ArrayList<>();
        private MetadataLog.Fold live = new MetadataLog.Fold();
        private Log log;
        private long nowMs = 1_000_000;
        private long number;

        Life(Path directory, Random random) throws IOException {
            this.directory = directory;
            this.random = random;
            this.log = Log.open(FileDisk.instance(), directory, CONFIG, live);
        }

        /** Names are used again once their topic is deleted. */
        void step() {
            number++;
            int choice = random.nextInt(10);
            if (choice == 0 && random.nextBoolean()) {
                AccessEntry entry = new AccessEntry((byte) 2, AccessEntry.LITERAL, "topic" + random.nextInt(4),
                        "User:x",
                        "*", (byte) 3, AccessEntry.ALLOW);
                append(new MetadataRecord.AccessRule(entry, random.nextBoolean()
                        ? MetadataRecord.AccessRule.Standing.IN_FORCE
                        : MetadataRecord.AccessRule.Standing.REMOVED));
            } else if (choice == 0) {
                append(new MetadataRecord.ProducerIdBlock(1000 * number));
            } else if (choice < 3 || existing.isEmpty()) {
                String name = "topic" + random.nextInt(4);
                if (existing.stream().noneMatch(topic -> topic.name().equals(name))) {
                    MetadataRecord.TopicCreated created = new MetadataRecord.TopicCreated(new UUID(1, number), name, 1,
                            Map.of("first", LARGE), nowMs);
                    existing.add(created);
                    append(created);
                }
            } else {
                int index = random.nextInt(existing.size());
                MetadataRecord.TopicCreated topic = existing.get(index);
                if (choice == 3) {
                    existing.remove(index);
                    append(new MetadataRecord.TopicDeleted(topic.id(), topic.name(), nowMs));
                } else {
                    append(choice == 4
                            ? new MetadataRecord.TopicGrown(topic.id(), 1 + (int) number)
                            : new MetadataRecord.TopicConfig(topic.id(), Map.of("now", number + LARGE)));
                }
            }
        }

        private void append(MetadataRecord change) {
            ByteBuffer key = change.encodeKey();
            ByteBuffer value = change.encodeValue();
            batch.begin(nowMs).tryAppend(nowMs, key, 0, key.remaining(), value, 0, value.remaining());
            ByteBuffer finished = batch.finish();
            long offset = log.append(claim, finished);
            while (offset == Append.BACK_PRESSURED) {
                log.doWork();
                offset = log.append(claim, finished);
            }
            assertTrue(offset >= 0, Append.describe(offset));
        }

        void compact() throws IOException {
            String before = state(live);
            nowMs += 60_000;
            settle();
            int done;
            do {
                done = log.compact(nowMs, CompactionGuide.NO_TRANSACTIONS, resources);
                settle();
                done += log.compact(nowMs, CompactionGuide.NO_TRANSACTIONS, resources);
            } while (done > 0);
            assertTrue(log.compaction().compactedOffset() > 0);
            log.close();
            live = new MetadataLog.Fold();
            log = Log.open(FileDisk.instance(), directory, CONFIG, live);
            assertEquals(before, state(live));
        }

        private void settle() {
            while (log.doWork() + log.flush() > 0) {
                Thread.onSpinWait();
            }
        }

        private static String state(MetadataLog.Fold fold) {
            return fold.topics() + " deleted=" + fold.deletedIds() + " next=" + fold.nextProducerId()
                    + " access=" + fold.accessEntries().stream().map(AccessEntry::toString).sorted().toList();
        }

        @Override
        public void close() throws IOException {
            log.close();
        }
    }
}
