package io.semel.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.Refusals.Work;
import io.semel.log.memory.FaultyDisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is said and done about a disk that refuses, once appends go on and once they don't. */
class RefusalsTest {
    private static final IOException FULL = new IOException("made up");

    @TempDir
    private Path directory;

    private final List<String> warnings = new ArrayList<>();
    private final Refusals refusals = new Refusals("a log", warnings::add);

    /** A spare file that has no room and steps that still find some alternate for as long as the disk is nearly full. */
    @Test
    void aRefusalIsSaidOnceWhateverGoesWellBesideIt() {
        for (int round = 0; round < 3; round++) {
            refusals.refused(Work.SPARE_SEGMENT, "the spare", FULL);
            refusals.wentWell(Work.APPEND);
            refusals.wentWell(Work.BLOCKS_AHEAD);
        }
        assertEquals(1, warnings.size(), warnings::toString);
        refusals.wentWell(Work.SPARE_SEGMENT);
        refusals.refused(Work.SPARE_SEGMENT, "the spare", FULL);
        assertEquals(2, warnings.size(), warnings::toString);
    }

    @Test
    void onlyThatOfAnAppendSaysThatAppendsAreRefused() {
        for (Work work : Work.values()) {
            refusals.refused(work, "the " + work, FULL);
            for (String said : List.of("a log", "the " + work, "made up")) {
                assertTrue(warnings.get(warnings.size() - 1).contains(said), warnings::toString);
            }
            assertEquals(work == Work.APPEND, warnings.get(warnings.size() - 1).contains("appends are refused"),
                    warnings::toString);
        }
        assertSame(FULL, refusals.ofAppends());
        refusals.wentWell(Work.APPEND);
        assertNull(refusals.ofAppends());
    }

    @Test
    void aSpareFileWithoutRoomIsTriedNowAndThenAndRefusesNoAppend() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        AtomicInteger tries = new AtomicInteger();
        disk.tell((kind, path) -> tries.addAndGet(kind.equals("delete") && path.endsWith(SpareFile.FILE_NAME) ? 1 : 0));
        LogConfig config = Logs.SMALL.withSegmentBytes(4 << 20).withPreallocation(Preallocation.WHOLE_SEGMENT);
        try (Log log = Log.open(disk, directory, config, Logs.NOTHING)) {
            disk.reportUsable(0);
            tries.set(0);
            for (int round = 0; round < 4 * SpareSupply.MAX_ROUNDS_PAUSED; round++) {
                log.doWork();
            }
            assertTrue(tries.get() > 10 && tries.get() < 20, tries::toString);
            assertNull(log.refusal());
            Logs.appendNumbers(log, 0, 10);
            disk.heal();
            int rounds = 0;
            while (rounds <= SpareSupply.MAX_ROUNDS_PAUSED && log.doWork() == 0) {
                rounds++;
            }
            assertTrue(rounds <= SpareSupply.MAX_ROUNDS_PAUSED, "not tried again");
        }
    }
}
