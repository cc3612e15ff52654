package io.semel.transactions.groups;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import io.semel.log.batch.ControlBatches;
import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.transactions.records.CorruptRecordException;
import io.semel.transactions.records.GroupMetadataKey;
import io.semel.transactions.records.GroupMetadataValue;
import io.semel.transactions.records.OffsetCommitKey;
import io.semel.transactions.records.OffsetCommitValue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** The fold against a model that keeps every record and searches them all. */
class CommittedOffsetsModelTest {

    private static final int PARTITIONS = 3;
    private static final int PRODUCERS = 3;
    private static final long PLAIN = -1;

    /** One record of the model: who wrote it (PLAIN or a producer), for what, and what; or a producer's end. */
    private record Entry(long logOffset, long producerId, int partition, long offset, ControlType end) {
    }

    private final RecordBatchWriter writer = new RecordBatchWriter(256, 4_096);
    private final ControlBatches markers = new ControlBatches();

    @Property(tries = 2_000)
    void liveIsReplayIsTheModel(@ForAll @Size(max = 40) List<@IntRange(max = 9_999) Integer> steps) {
        List<ByteBuffer> log = new ArrayList<>();
        List<Entry> model = new ArrayList<>();
        CommittedOffsets live = new CommittedOffsets(0);
        for (int step : steps) {
            ByteBuffer batch = stamped(step(step, live.appliedOffset(), model), live.appliedOffset());
            log.add(batch);
            live.apply(new RecordBatchView().wrap(batch, 0));
            assertAgrees(model, live);
        }
        CommittedOffsets replayed = new CommittedOffsets(0);
        log.forEach(batch -> replayed.apply(new RecordBatchView().wrap(batch, 0)));
        assertAgrees(model, replayed);
        assertEquals(live.appliedOffset(), replayed.appliedOffset());
    }

    private ByteBuffer step(int step, long logOffset, List<Entry> model) {
        int partition = step / 10 % PARTITIONS;
        long producerId = step / 100 % PRODUCERS;
        return switch (step % 10) {
            case 0, 1, 2 -> records(PLAIN, logOffset, model, partition, step);
            case 3 -> records(PLAIN, logOffset, model, partition, CommittedOffset.NO_OFFSET);
            case 4, 5 -> records(producerId, logOffset, model, partition, step);
            case 6 -> records(producerId, logOffset, model, partition, step, step + 1);
            case 7 -> records(producerId, logOffset, model, partition, CommittedOffset.NO_OFFSET);
            case 8 -> end(ControlType.COMMIT, producerId, logOffset, model);
            default -> end(ControlType.ABORT, producerId, logOffset, model);
        };
    }

    /** One batch with one record per offset, for this partition and the next ones. */
    private ByteBuffer records(long producerId, long logOffset, List<Entry> model, int partition, long... offsets) {
        writer.begin(0);
        if (producerId != PLAIN) {
            writer.producer(producerId, (short) 0, RecordBatchLayout.NO_SEQUENCE).asTransactional();
        }
        for (int i = 0; i < offsets.length; i++) {
            int each = (partition + i) % PARTITIONS;
            ByteBuffer value = offsets[i] == CommittedOffset.NO_OFFSET
                    ? null
                    : new OffsetCommitValue(offsets[i], -1, "", 0, OffsetCommitValue.NO_TOPIC_ID).encode();
            writer.tryAppend(0, new OffsetCommitKey("g", "t", each).encode().array(),
                    value == null ? null : value.array());
            model.add(new Entry(logOffset + i, producerId, each, offsets[i], ControlType.UNKNOWN));
        }
        return writer.finish();
    }

    private ByteBuffer end(ControlType type, long producerId, long logOffset, List<Entry> model) {
        model.add(new Entry(logOffset, producerId, -1, -1, type));
        return markers.endTransaction(type, producerId, (short) 0, 0, 0);
    }

    private static ByteBuffer stamped(ByteBuffer batch, long offset) {
        ByteBuffer copy = ByteBuffer.allocate(batch.remaining()).put(batch.duplicate()).flip();
        RecordBatchLayout.stamp(copy, 0, offset, 0);
        return copy;
    }

    private static void assertAgrees(List<Entry> model, CommittedOffsets offsets) {
        List<FetchedOffset> all = offsets.fetchAll("g", Stability.ANY);
        int present = 0;
        for (int partition = 0; partition < PARTITIONS; partition++) {
            long expected = CommittedOffset.NO_OFFSET;
            boolean pending = false;
            for (Entry entry : model) {
                if (entry.partition() == partition && entry.end() == ControlType.UNKNOWN) {
                    ControlType fate = fate(entry, model);
                    pending |= fate == ControlType.UNKNOWN;
                    expected = fate == ControlType.COMMIT ? entry.offset() : expected;
                }
            }
            assertEquals(expected, offsets.committed("g", "t", partition).offset(), () -> "model " + model);
            assertEquals(pending, offsets.isPending("g", "t", partition), () -> "model " + model);
            present += pending || expected != CommittedOffset.NO_OFFSET ? 1 : 0;
        }
        assertEquals(present, all.size());
        assertEquals(present > 0, offsets.knows("g"), "what is gone leaves nothing behind");
    }

    private static ControlType fate(Entry entry, List<Entry> model) {
        if (entry.producerId() == PLAIN) {
            return ControlType.COMMIT;
        }
        return model.stream().filter(other -> other.logOffset() > entry.logOffset()
                && other.producerId() == entry.producerId() && other.end() != ControlType.UNKNOWN).findFirst()
                .map(Entry::end).orElse(ControlType.UNKNOWN);
    }

    @Test
    void aBatchIsAppliedOnceAndInOrder() {
        CommittedOffsets offsets = new CommittedOffsets(0);
        ByteBuffer batch = stamped(records(PLAIN, 0, new ArrayList<>(), 0, 5), 7);
        offsets.apply(new RecordBatchView().wrap(batch, 0));
        assertEquals(8, offsets.appliedOffset());
        assertThrows(IllegalStateException.class, () -> offsets.apply(new RecordBatchView().wrap(batch, 0)));
    }

    @Test
    void aGenerationIsRestoredAndATombstoneForgetsIt() {
        CommittedOffsets offsets = new CommittedOffsets(0);
        byte[] key = new GroupMetadataKey("g").encode().array();
        byte[] value = new GroupMetadataValue("consumer", 17, null, null, 0, List.of()).encode().array();
        writer.begin(0).tryAppend(0, key, value);
        offsets.apply(new RecordBatchView().wrap(stamped(writer.finish(), 0), 0));
        assertEquals(17, offsets.lastGeneration("g"));
        writer.begin(0).tryAppend(0, key, null);
        offsets.apply(new RecordBatchView().wrap(stamped(writer.finish(), 1), 0));
        assertEquals(0, offsets.lastGeneration("g"));
        assertEquals(false, offsets.knows("g"));
    }

    @Test
    void recordsWithoutAKnownKeyAreRefused() {
        CommittedOffsets offsets = new CommittedOffsets(0);
        writer.begin(0).tryAppend(0, new byte[] {0, 9}, new byte[] {});
        ByteBuffer unknown = stamped(writer.finish(), 0);
        assertThrows(CorruptRecordException.class, () -> offsets.apply(new RecordBatchView().wrap(unknown, 0)));
        writer.begin(0).tryAppend(0, null, new byte[] {});
        ByteBuffer keyless = stamped(writer.finish(), 0);
        assertThrows(CorruptRecordException.class, () -> offsets.apply(new RecordBatchView().wrap(keyless, 0)));
        assertEquals(0, offsets.appliedOffset());
    }
}
