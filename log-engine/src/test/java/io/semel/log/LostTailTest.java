package io.semel.log;

import java.io.RandomAccessFile;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.memory.FileDisk;

import static org.junit.jupiter.api.Assertions.assertEquals;

class LostTailTest {
    private static final int BATCH_BYTES = 500;
    private static final int DAMAGED = 3;
    private static final int BATCHES = 10;

    @TempDir
    Path directory;

    /** What a killed process leaves of ten batches, the fourth of them with {@code damage} at its beginning. */
    private Path damaged(String name, byte[] damage) throws Exception {
        TestBatches batches = new TestBatches();
        Claim claim = new Claim();
        Path home = directory.resolve(name);
        Path copy;
        try (Log log = Logs.open(home)) {
            for (long number = 0; number < BATCHES; number++) {
                Logs.append(log, claim, batches.batchOfSize(number, BATCH_BYTES));
            }
            copy = Logs.killedCopy(home, directory.resolve(name + "-killed"));
        }
        Path file = copy.resolve(SegmentNames.fileName(0, SegmentNames.LOG_SUFFIX));
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(DAMAGED * BATCH_BYTES);
            bytes.write(damage);
        }
        return file;
    }

    private LostTail tailOf(Path file) throws Exception {
        return LostTail.behind(FileDisk.instance(), file, DAMAGED * BATCH_BYTES, DAMAGED,
                LogConfig.DEFAULT_MAX_BATCH_BYTES);
    }

    @Test
    void wholeBatchesBehindDamageAreCountedWhateverTheDamageIs() throws Exception {
        LostTail expected = new LostTail(BATCHES - DAMAGED - 1, BATCHES - 1, BATCHES * BATCH_BYTES);
        assertEquals(expected, tailOf(damaged("flipped", new byte[] {0, 0, 0, 0, 0, 0, 0, 77})));
        assertEquals(expected, tailOf(damaged("length", new byte[] {0, 0, 0, 0, 0, 0, 0, 3, 127, 1, 2, 3})));
        assertEquals(expected, tailOf(damaged("hole", new byte[BATCH_BYTES])));
    }

    @Test
    void nothingIsFoundBehindATornTail() throws Exception {
        Path file = damaged("torn", new byte[(BATCHES - DAMAGED) * BATCH_BYTES]);
        assertEquals(0, tailOf(file).batches());
    }

    /** It is told and not kept: nobody can say what the offsets in between held. */
    @Test
    void theLogEndsBeforeTheDamage() throws Exception {
        Path file = damaged("cut", new byte[BATCH_BYTES]);
        try (Log log = Logs.open(file.getParent())) {
            assertEquals(DAMAGED, log.frontierOffset());
            assertEquals(1, log.leaderEpoch());
        }
    }
}
