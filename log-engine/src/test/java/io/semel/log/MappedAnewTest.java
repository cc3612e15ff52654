package io.semel.log;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.batch.RecordBatchView;
import io.semel.log.memory.FaultyDisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A sealed segment is forced without the mapping through which its appenders stored, and nobody notices (L1, L2, L5). */
class MappedAnewTest {
    private static final int BATCH_BYTES = 1000;
    private static final LogConfig CONFIG = Logs.SMALL;

    @TempDir
    Path directory;

    private final FaultyDisk disk = new FaultyDisk();
    private final TestBatches batches = new TestBatches();

    private SegmentChain open(LogConfig config) throws Exception {
        return SegmentChain.open(disk, directory, config, List.of(), SegmentUse.APPEND);
    }

    /** One batch in the active segment, behind which another segment begins. */
    private Segment fill(SegmentChain chain) throws Exception {
        Segment first = chain.active();
        assertTrue(first.compareAndSetClaims(ClaimWord.NOTHING, ClaimWord.of(1, BATCH_BYTES)));
        first.buffer().put(0, batches.batchOfSize(7, BATCH_BYTES), 0, BATCH_BYTES);
        assertEquals(0, chain.roll(first));
        return first;
    }

    private static RecordBatchView view(Segment segment) {
        return new RecordBatchView().wrap(segment.buffer(), 0);
    }

    @Test
    void aFinishedSegmentIsMappedAtItsOwnLengthAndItsAppendersMappingIsGone() throws Exception {
        SegmentChain chain = open(CONFIG);
        Segment filled = fill(chain);
        assertEquals(1, chain.finishBelow(BATCH_BYTES));
        Segment finished = chain.first();
        assertNotSame(filled, finished);
        assertEquals(BATCH_BYTES, finished.region().lengthBytes());
        assertEquals(7, batches.number(view(finished)));
        assertTrue(filled.region().isReleased());
        assertTrue(filled.isFinished(), "whoever still holds the old one must see that it needs no force");
        assertEquals(List.of(finished.baseOffset(), finished.endPosition(), finished.claimedOffset()),
                List.of(filled.baseOffset(), filled.endPosition(), filled.claimedOffset()));
        chain.close();
        assertEquals(0, disk.mappedRegions());
    }

    @Test
    void itIsNotCutBeforeItsSuccessorIsOnTheMedium() throws Exception {
        SegmentChain chain = open(CONFIG);
        Segment filled = fill(chain);
        List<String> calls = new ArrayList<>();
        disk.tell((call, path) -> calls.add(call + " " + path.getFileName()));
        assertEquals(1, chain.finishBelow(BATCH_BYTES));
        String cut = "truncate " + filled.path().getFileName();
        assertEquals(List.of("force " + chain.active().path().getFileName(), "forceDirectory " + directory
                .getFileName(),
                cut), calls.stream().filter(call -> call.startsWith("force") || call.equals(cut)).limit(3).toList());
        chain.close();
    }

    @Test
    void whoeverReadsItStaysInTheOldMappingAndTheFilesWaitForHim() throws Exception {
        SegmentChain chain = open(CONFIG);
        Segment filled = fill(chain);
        assertTrue(filled.region().tryLease());
        assertEquals(1, chain.finishBelow(BATCH_BYTES));
        assertEquals(7, batches.number(view(filled)));
        assertSame(chain.active(), chain.following(filled, 1));
        assertEquals(1, chain.retireBelow(1).size());
        assertEquals(0, chain.deleteRetired());
        filled.region().release();
        assertFalse(filled.region().isReleased(), "unmapping takes time, which is no reader's");
        assertEquals(0, chain.finishBelow(0));
        assertTrue(filled.region().isReleased());
        assertEquals(1, chain.deleteRetired());
        chain.close();
    }

    @Test
    void whoFoundItBeforeAsksTheNewOneForItsLargestTimestamp() throws Exception {
        SegmentChain chain = open(CONFIG);
        Segment filled = fill(chain);
        filled.index(0, view(filled));
        long before = chain.maxTimestamp(filled);
        assertTrue(before >= 0);
        assertEquals(1, chain.finishBelow(BATCH_BYTES));
        assertEquals(before, chain.maxTimestamp(filled));
        chain.close();
    }

    @Test
    void aForceThatFoundItBeforeForcesItAllTheSame() throws Exception {
        SegmentChain chain = open(CONFIG);
        Segment filled = fill(chain);
        Segment again = filled.mappedAnew();
        filled.letGoOfMapping();
        List<String> calls = new ArrayList<>();
        disk.tell((call, path) -> calls.add(call));
        filled.forceData(0, BATCH_BYTES);
        assertEquals(List.of("force"), calls);
        again.abandon();
        chain.active().abandon();
    }

    @Test
    void aSegmentThatCannotBeMappedAnewIsFinishedAsItIs() throws Exception {
        SegmentChain chain = open(CONFIG);
        Segment filled = fill(chain);
        disk.failEvery("map");
        assertEquals(1, chain.finishBelow(BATCH_BYTES));
        assertSame(filled, chain.first());
        assertFalse(filled.region().isReleased());
        disk.heal();
        chain.close();
    }

    @Test
    void powerForcesThroughTheMappingAndKeepsIt() throws Exception {
        SegmentChain chain = open(CONFIG.withDurability(Durability.POWER));
        Segment filled = fill(chain);
        assertEquals(1, chain.finishBelow(BATCH_BYTES));
        assertSame(filled, chain.first());
        chain.close();
    }
}
