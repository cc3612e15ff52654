package io.semel.log.memory;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ProcessLimitsTest {
    @Test
    @EnabledOnOs(OS.LINUX)
    void mappingsAreReadWhole() throws Exception {
        Process cat = new ProcessBuilder("cat", "/proc/sys/vm/max_map_count").start();
        String expected = new String(cat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim();
        assertEquals(expected, ProcessLimits.mappings().orElseThrow().toString());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void halfOfTheProcessIsTaken() {
        Limits limits = Limits.ofThisProcess();
        assertEquals(ProcessLimits.openFiles().orElse(2 * Limits.DEFAULT_OPEN_FILES) / 2, limits.openFiles());
        assertTrue(limits.mappings() > 1000, limits::toString);
    }

    @Test
    void aLimitIsNeverPassedAndWhatWasNotTakenIsNotHeld() {
        Limit limit = new Limit("things", 3);
        assertTrue(limit.tryTake(2));
        assertFalse(limit.tryTake(2));
        assertTrue(limit.tryTake(1));
        assertFalse(limit.tryTake(Long.MAX_VALUE));
        assertEquals("things=3 of 3", limit.toString());
        limit.giveBack(3);
        assertEquals(0, limit.held());
        assertThrows(IllegalStateException.class, () -> limit.giveBack(1));
    }

    @Test
    void limitsBelowOneAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Limits.DEFAULT.withReaders(0));
        assertThrows(IllegalArgumentException.class, () -> Limits.DEFAULT.withMappedBytes(-1));
    }
}
