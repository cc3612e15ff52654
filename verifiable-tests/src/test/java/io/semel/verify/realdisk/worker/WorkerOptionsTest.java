package io.semel.verify.realdisk.worker;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.semel.verify.realdisk.worker.WorkerOptions.Work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class WorkerOptionsTest {
    @ParameterizedTest
    @EnumSource
    void onlyADiskThatIsMeantToFailMayFail(Work work) {
        assertTrue(work.mayMeet("disk full: a: No space left on device; free some"));
        assertEquals(work == Work.FAIL, work.mayMeet("force failed: a: Input/output error"));
        assertEquals(work == Work.FAIL, work.mayMeet("a: Read-only file system"));
        assertFalse(work.mayMeet("Permission denied"));
    }
}
