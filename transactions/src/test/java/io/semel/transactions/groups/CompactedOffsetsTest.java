package io.semel.transactions.groups;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

import io.semel.log.Append;
import io.semel.log.Claim;
import io.semel.log.CleanupPolicy;
import io.semel.log.CompactionConfig;
import io.semel.log.CompactionResources;
import io.semel.log.Log;
import io.semel.log.LogConfig;
import io.semel.log.batch.ControlBatches;
import io.semel.log.batch.ControlType;
import io.semel.log.compaction.CompactionGuide;
import io.semel.log.memory.FileDisk;
import io.semel.transactions.records.GroupMetadataValue;
import io.semel.transactions.records.OffsetCommitValue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** L4 of {@code __consumer_offsets}: folding the compacted log gives what folding all of it gave. */
class CompactedOffsetsTest {
    private static final LogConfig CONFIG = LogConfig.DEFAULT.withSegmentBytes(LogConfig.MIN_SEGMENT_BYTES)
            .withCompaction(new CompactionConfig(CleanupPolicy.COMPACT, 1000, 0, Long.MAX_VALUE, 0));
    private static final String LARGE = "m".repeat(4_000);
    private static final int GROUPS = 3;
    private static final List<PartitionName> PARTITIONS = List.of(new PartitionName("t", 0), new PartitionName("t", 1),
            new PartitionName("u", 0));

    private enum Kind {
        PLAIN, TRANSACTIONAL, COMMIT, ABORT, TOMBSTONE, GENERATION, GROUP_TOMBSTONE, COMPACT
    }

    record Action(Kind kind, int group, int partition, int producer) {
    }

    @Provide
    Arbitrary<List<Action>> lives() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(Tuple.of(20, Kind.PLAIN), Tuple.of(20, Kind.TRANSACTIONAL),
                Tuple.of(8, Kind.COMMIT), Tuple.of(5, Kind.ABORT), Tuple.of(8, Kind.TOMBSTONE),
                Tuple.of(4, Kind.GENERATION), Tuple.of(2, Kind.GROUP_TOMBSTONE), Tuple.of(2, Kind.COMPACT));
        Arbitrary<Integer> small = Arbitraries.integers().between(0, 2);
        return Combinators.combine(kinds, small, small, small).as(Action::new).list().ofMinSize(60).ofMaxSize(160);
    }

    @Property(tries = 60)
    void foldingTheCompactedLogGivesTheSameState(@ForAll("lives") List<Action> life) throws IOException {
        Path directory = Files.createTempDirectory("semel-compacted-offsets");
        try (Life model = new Life(directory)) {
            for (Action action : life) {
                model.step(action);
            }
            model.compact();
        } finally {
            FileDisk.instance().delete(directory);
        }
    }

    private static final class Life implements CompactionGuide, AutoCloseable {
        private final Path directory;
        private final OffsetBatches batches = new OffsetBatches();
        private final ControlBatches markers = new ControlBatches();
        private final Claim claim = new Claim();
        private final CompactionResources resources = new CompactionResources();
        private final Map<Long, Long> open = new HashMap<>();
        private final List<long[]> aborted = new ArrayList<>();
        private CommittedOffsets live = new CommittedOffsets(0);
        private Log log;
        private long nowMs = 1_000_000;
        private long number;

        Life(Path directory) throws IOException {
            this.directory = directory;
            this.log = Log.open(FileDisk.instance(), directory, CONFIG, (batch, position) -> live.apply(batch));
        }

        void step(Action action) throws IOException {
            String group = "g" + action.group();
            PartitionName partition = PARTITIONS.get(action.partition());
            long producer = action.producer();
            List<OffsetToCommit> offsets = List.of(new OffsetToCommit(partition.topic(), partition.partition(),
                    number++, -1, LARGE, OffsetCommitValue.NO_TOPIC_ID));
            switch (action.kind()) {
                case PLAIN -> append(batches.commit(group, offsets, nowMs));
                case TRANSACTIONAL -> {
                    long offset = append(batches.transactionalCommit(producer, (short) 0, group, offsets, nowMs));
                    open.putIfAbsent(producer, offset);
                }
                case COMMIT -> end(producer, ControlType.COMMIT);
                case ABORT -> end(producer, ControlType.ABORT);
                case TOMBSTONE -> append(batches.offsetTombstones(group, List.of(partition), nowMs));
                case GENERATION -> append(batches.generation(group, GroupKind.CLASSIC, new GroupMetadataValue(
                        "consumer",
                        (int) number, null, null, nowMs, List.of()), nowMs));
                case GROUP_TOMBSTONE -> append(batches.groupTombstone(group, GroupKind.CLASSIC, nowMs));
                case COMPACT -> compact();
            }
        }

        private void end(long producer, ControlType type) {
            Long began = open.remove(producer);
            if (began != null) {
                long marker = append(markers.endTransaction(type, producer, (short) 0, 0, nowMs));
                if (type == ControlType.ABORT) {
                    aborted.add(new long[] {producer, began, marker});
                }
            }
        }

        private long append(ByteBuffer batch) {
            long offset = log.append(claim, batch);
            while (offset == Append.BACK_PRESSURED) {
                log.doWork();
                offset = log.append(claim, batch);
            }
            assertTrue(offset >= 0, Append.describe(offset));
            return offset;
        }

        /** Twice, so that tombstones and markers go too; then all is folded anew. */
        void compact() throws IOException {
            String before = state(live);
            for (int round = 0; round < 2; round++) {
                nowMs += 60_000;
                settle();
                int done;
                do {
                    done = log.compact(nowMs, this, resources);
                    settle();
                    done += log.compact(nowMs, this, resources);
                } while (done > 0);
            }
            log.close();
            live = new CommittedOffsets(0);
            log = Log.open(FileDisk.instance(), directory, CONFIG, (batch, position) -> live.apply(batch));
            assertEquals(before, state(live));
        }

        private void settle() {
            while (log.doWork() + log.flush() > 0) {
                Thread.onSpinWait();
            }
        }

        private static String state(CommittedOffsets offsets) {
            StringBuilder state = new StringBuilder("applied=" + offsets.appliedOffset() + '\n');
            for (int group = 0; group < GROUPS; group++) {
                String id = "g" + group;
                state.append(id).append(" knows=").append(offsets.knows(id)).append(" record=")
                        .append(offsets.recordOf(id));
                for (PartitionName partition : PARTITIONS) {
                    CommittedOffset committed = offsets.committed(id, partition.topic(), partition.partition());
                    state.append(' ').append(partition).append(committed.isPresent() ? "=" + committed.offset()
                            : "=none")
                            .append(offsets.isPending(id, partition.topic(), partition.partition()) ? "?" : "");
                }
                state.append('\n');
            }
            return state.toString();
        }

        @Override
        public long stableOffset() {
            return open.values().stream().mapToLong(Long::longValue).min().orElse(log.readableOffset());
        }

        @Override
        public boolean isAborted(long producerId, long offset) {
            return aborted.stream().anyMatch(range -> range[0] == producerId && range[1] <= offset
                    && offset <= range[2]);
        }

        @Override
        public long rememberedFrom(long producerId) {
            return Long.MAX_VALUE;
        }

        @Override
        public void abortedDataGone(long belowOffset) {
            aborted.removeIf(range -> range[2] < belowOffset);
        }

        @Override
        public void close() throws IOException {
            log.close();
        }
    }
}
