package io.semel.server.demo;

import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class KillScheduleTest {
    @Property
    void killsFallInOrderBeforeTheLastLine(@ForAll long seed, @ForAll @LongRange(min = 0, max = 1000) long firstLine,
            @ForAll @LongRange(min = 1, max = 1_000_000) long lines, @ForAll @IntRange(min = 1, max = 50) int kills) {
        KillSchedule schedule = new KillSchedule(seed, firstLine, firstLine + lines, kills);
        long earlier = firstLine;
        for (int kill = 0; kill < kills; kill++) {
            long line = schedule.lineOfKill(kill);
            assertTrue(line >= earlier && line <= schedule.lineLimitBeforeLastKill(), () -> "line " + line);
            earlier = line;
        }
        assertTrue(schedule.lineLimitBeforeLastKill() < firstLine + lines);
        assertTrue(schedule.linesPerTransaction() >= 1);
    }

    @Test
    void thePaceStretchesTheWorkOverAllKills() {
        KillSchedule schedule = new KillSchedule(1, 0, 6000, 10);
        assertEquals(1000, schedule.linesPerSecond());
        assertEquals(10, schedule.linesPerTransaction());
    }

    @Test
    void withoutKillsNothingIsHeldBack() {
        assertEquals(0, new KillSchedule(1, 0, 6000, 0).linesPerSecond());
    }
}
