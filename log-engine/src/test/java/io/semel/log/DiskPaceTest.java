package io.semel.log;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DiskPaceTest {
    private static final long START_MS = 1_000;

    @Test
    void aStepIsFollowedByTheNextWhenItsTimeIsOver() {
        DiskPace pace = new DiskPace(1_000);
        assertTrue(pace.admits(START_MS));
        pace.took(2_500, START_MS);
        assertFalse(pace.admits(START_MS + 2_499));
        assertTrue(pace.admits(START_MS + 2_500));
    }

    @Test
    void manyStepsTakeAsLongAsTheirBytes() {
        DiskPace pace = new DiskPace(10_000);
        long bytes = 0;
        for (long nowMs = START_MS; nowMs < START_MS + 60_000; nowMs++) {
            if (pace.admits(nowMs)) {
                pace.took(777, nowMs);
                bytes += 777;
            }
        }
        assertTrue(bytes <= 600_000 && bytes >= 590_000, "bytes in a minute: " + bytes);
    }

    @Test
    void whatTakesNothingWaitsForNothingAndSoDoesWhoHasNoLimit() {
        DiskPace slow = new DiskPace(1);
        slow.took(0, START_MS);
        assertTrue(slow.admits(START_MS));
        DiskPace unlimited = new DiskPace(DiskPace.UNLIMITED);
        unlimited.took(Long.MAX_VALUE, START_MS);
        assertTrue(unlimited.admits(START_MS));
    }

    @Test
    void aClockThatIsSetBackKeepsNobodyWaiting() {
        DiskPace pace = new DiskPace(1);
        pace.took(1_000_000, START_MS);
        assertFalse(pace.admits(START_MS));
        assertTrue(pace.admits(START_MS - 1));
    }

    @Test
    void aStepSmallerThanAMillisecondWaitsForOne() {
        DiskPace pace = new DiskPace(1_000_000);
        pace.took(1, START_MS);
        assertFalse(pace.admits(START_MS));
        assertTrue(pace.admits(START_MS + 1));
    }
}
