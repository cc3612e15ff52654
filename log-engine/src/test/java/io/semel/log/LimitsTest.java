package io.semel.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.semel.log.memory.Budget;
import io.semel.log.memory.BudgetedDisk;
import io.semel.log.memory.Disk;
import io.semel.log.memory.FaultyDisk;
import io.semel.log.memory.FileDisk;
import io.semel.log.memory.Limits;
import io.semel.log.memory.OpenRefusedException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** L5: a limit that is reached is met like a full disk, and nothing that was acknowledged is lost. */
@Timeout(120)
class LimitsTest {
    private static final int BATCH_BYTES = 30_000;

    @TempDir
    Path directory;

    private final TestBatches batches = new TestBatches();
    private final Claim claim = new Claim();
    private final List<Long> acknowledged = new ArrayList<>();
    private long number;

    /** Appends until refused, and at most {@code most} batches; returns the last answer. */
    private long append(Log log, int most) {
        long code = 0;
        for (int count = 0; count < most && code >= 0; count++) {
            code = Logs.append(log, claim, batches.batchOfSize(number, BATCH_BYTES));
            if (code >= 0) {
                acknowledged.add(number++);
            }
            log.doWork();
            log.flush();
        }
        return code;
    }

    private static Stream<Limits> limits() {
        return Stream.of(Limits.DEFAULT.withMappings(4), Limits.DEFAULT.withMappedBytes(5 * 65536 - 1),
                Limits.DEFAULT.withOpenFiles(2));
    }

    @ParameterizedTest
    @MethodSource("limits")
    void appendsAtTheLimitAreRefusedAndGoOnOnceSomethingIsClosed(Limits limits) throws Exception {
        Budget budget = new Budget(limits);
        Disk disk = new BudgetedDisk(FileDisk.instance(), budget);
        Log other = Logs.open(disk, directory.resolve("other"), Logs.NOTHING);
        Log log = Logs.open(disk, directory.resolve("log"), Logs.NOTHING);
        assertEquals(Append.DISK_FULL, append(log, 1000));
        String refusal = assertInstanceOf(OpenRefusedException.class, log.refusal()).getMessage();
        for (String part : List.of("limit reached", " of ", "wanted", "log", "Limits.")) {
            assertTrue(refusal.contains(part), refusal);
        }
        assertNull(log.failure());
        assertEquals(acknowledged, Logs.readNumbers(log));
        assertEquals(Append.DISK_FULL, append(log, 3));
        other.close();
        assertEquals(acknowledged.size(), append(log, 1));
        assertNull(log.refusal());
        log.close();
        assertNothingIsHeld(budget);
        try (Log again = Logs.open(directory.resolve("log"))) {
            assertEquals(acknowledged, Logs.readNumbers(again));
        }
    }

    private static void assertNothingIsHeld(Budget budget) {
        assertEquals(List.of(0L, 0L, 0L), List.of(budget.openFiles().held(), budget.mappings().held(), budget
                .mappedBytes().held()));
    }

    @Test
    void aProcessOutOfFilesRefusesAppendsStaysOnlineAndGoesOn() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        Log log = Logs.open(disk, directory.resolve("log"), Logs.NOTHING);
        assertTrue(append(log, 1) >= 0);
        disk.runOutOfFiles();
        assertEquals(Append.DISK_FULL, append(log, 1000));
        assertThrows(OpenRefusedException.class, log::force);
        assertEquals(0, log.clean(Long.MAX_VALUE, 0));
        assertNull(log.failure());
        assertEquals(acknowledged, Logs.readNumbers(log));
        disk.heal();
        assertTrue(append(log, 10) >= 0);
        log.force();
        assertEquals(log.frontierOffset(), log.durableOffset());
        log.close();
        try (Log again = Logs.open(directory.resolve("log"))) {
            assertEquals(acknowledged, Logs.readNumbers(again));
        }
    }

    /** In POWER a new file is forced with its directory before anything in it is acknowledged. */
    @Test
    void aPowerLogOutOfFilesDoesSoToo() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        Log log = Log.open(disk, directory.resolve("log"), Logs.SMALL.withDurability(Durability.POWER), Logs.NOTHING);
        assertTrue(append(log, 1) >= 0);
        disk.runOutOfFiles();
        assertEquals(Append.DISK_FULL, append(log, 1000));
        assertNull(log.failure());
        disk.heal();
        assertTrue(append(log, 10) >= 0);
        log.force();
        assertEquals(acknowledged, Logs.readNumbers(log));
        log.close();
    }

    @Test
    void whateverCallFailsNothingStaysCounted() throws Exception {
        boolean failed = true;
        for (int call = 0; failed; call++) {
            FaultyDisk faulty = new FaultyDisk().withoutForces();
            faulty.fail(call, 1);
            Budget budget = new Budget(Limits.DEFAULT);
            Path each = directory.resolve("call" + call);
            try (Log log = Logs.open(new BudgetedDisk(faulty, budget), each, Logs.NOTHING)) {
                append(log, 6);
            } catch (IOException e) {
                assertTrue(faulty.failures() > 0, e::toString);
            }
            assertNothingIsHeld(budget);
            failed = faulty.failures() > 0;
        }
    }

    /** A mapping needs no descriptor: however long a log is, it holds one file open. */
    @Test
    void aLogOfManySealedSegmentsHoldsOneFileOpen() throws Exception {
        Budget budget = new Budget(Limits.DEFAULT);
        Disk disk = new BudgetedDisk(new FaultyDisk().withoutForces(), budget);
        try (Log log = Logs.open(disk, directory, Logs.NOTHING)) {
            append(log, 501);
            while (log.flush() + log.doWork() > 0) {
                Thread.onSpinWait();
            }
            assertEquals(1, budget.openFiles().held());
            assertEquals(251, budget.mappings().held());
        }
        try (Log log = Logs.open(disk, directory, Logs.NOTHING)) {
            assertEquals(1, budget.openFiles().held());
            assertEquals(251, budget.mappings().held());
            assertEquals(501, log.frontierOffset());
        }
        assertNothingIsHeld(budget);
    }

    @Test
    void aReaderOfADeletedSegmentKeepsItsMappingCounted() throws Exception {
        Budget budget = new Budget(Limits.DEFAULT);
        Disk disk = new BudgetedDisk(FileDisk.instance(), budget);
        Log log = Logs.open(disk, directory, Logs.NOTHING);
        append(log, 3);
        LogReader reader = log.openReader();
        log.close();
        assertEquals(1, budget.mappings().held());
        reader.close();
        assertNothingIsHeld(budget);
    }
}
