package io.semel.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.memory.FileDisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

/** L2: what a power loss took does not come back, once an epoch has begun in its place. */
class LeaderEpochsTest {
    private static final String SEGMENT = SegmentNames.fileName(0, SegmentNames.LOG_SUFFIX);

    @TempDir
    Path directory;

    private long lostOffset;
    private long endOffset;
    /** Lost all from batch 30 on, was opened in epoch 1, died, and has what it lost in its blocks again. */
    private Path haunted;

    @BeforeEach
    void loseATailAndGetItBack() throws IOException {
        Path whole;
        long lostPosition;
        try (Log log = Logs.open(directory.resolve("live"))) {
            Logs.appendNumbers(log, 0, 40);
            lostPosition = Logs.readAll(log).get(30).position();
            lostOffset = Logs.readAll(log).get(30).baseOffset();
            endOffset = log.frontierOffset();
            whole = Logs.killedCopy(directory.resolve("live"), directory.resolve("whole"));
        }
        Path cut = Logs.killedCopy(whole, directory.resolve("cut"));
        try (var file = Files.newByteChannel(cut.resolve(SEGMENT), StandardOpenOption.WRITE)) {
            file.truncate(lostPosition);
        }
        try (Log log = Logs.open(cut)) {
            assertEquals(lostOffset, log.frontierOffset());
            assertEquals(1, log.leaderEpoch());
            haunted = Logs.killedCopy(cut, directory.resolve("haunted"));
        }
        Files.copy(whole.resolve(SEGMENT), haunted.resolve(SEGMENT), StandardCopyOption.REPLACE_EXISTING);
    }

    private Path epochs() {
        return haunted.resolve(LeaderEpochs.FILE_NAME);
    }

    private String text() throws IOException {
        return Files.readString(epochs(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void aLostTailThatIsThereAgainIsCutAgain() throws Exception {
        for (int opening = 0; opening < 2; opening++) {
            try (Log log = Logs.open(haunted)) {
                assertEquals(lostOffset, log.frontierOffset());
                assertEquals(2, log.leaderEpoch());
            }
        }
    }

    @Test
    void epochsWithAWrongChecksumRefuseNoBatch() throws Exception {
        String right = text();
        assertEquals("0\n2\n0 0\n1 " + lostOffset + "\n0\n", right.substring(0, right.lastIndexOf('\n', right.length()
                - 2) + 1));
        Files.writeString(epochs(), right.replace("1 " + lostOffset, "1 20"));
        try (Log log = Logs.open(haunted)) {
            assertEquals(endOffset, log.frontierOffset());
            assertEquals(2, log.leaderEpoch());
        }
    }

    @Test
    void whatWasUncertainStaysSoWhateverIsWrittenAfterwards() throws Exception {
        Files.writeString(epochs(), text().replace("1 " + lostOffset, "1 20"));
        try (Log log = Logs.open(haunted)) {
            assertEquals(2, log.leaderEpoch());
        }
        LeaderEpochs loaded = LeaderEpochs.load(FileDisk.instance(), haunted);
        assertEquals(-1, loaded.certainAt(endOffset - 1));
        assertEquals(2, loaded.certainAt(endOffset));
        loaded.forgetBelow(FileDisk.instance(), haunted, 25);
        assertNotEquals(-1, text().indexOf("\n1 25\n2 " + endOffset + "\n" + endOffset + "\n"));
        assertEquals(-1, LeaderEpochs.load(FileDisk.instance(), haunted).certainAt(endOffset - 1));
    }

    @Test
    void epochsWithoutAChecksumAreReadAndNotCertain() throws Exception {
        Files.writeString(epochs(), "0\n2\n0 0\n1 " + lostOffset + "\n");
        LeaderEpochs loaded = LeaderEpochs.load(FileDisk.instance(), haunted);
        assertEquals(1, loaded.latest());
        assertEquals(-1, loaded.certainAt(lostOffset));
    }
}
