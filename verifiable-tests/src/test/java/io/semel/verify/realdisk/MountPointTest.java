package io.semel.verify.realdisk;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MountPointTest {
    /** Above what Linux gives to processes. */
    private static final long NOBODY = 1L << 40;

    @Test
    void whatADeadProcessMountedIsFoundTheLastFirst() {
        long own = ProcessHandle.current().pid();
        assertEquals(List.of(Path.of("/t m p/semel-verify-" + NOBODY + "-disk"), Path.of("/t/semel-verify-" + NOBODY
                + "-medium")), MountPoint.ofDeadOwners(List.of(
                        "proc /proc proc rw 0 0",
                        "semel-verify /t/semel-verify-" + NOBODY + "-medium tmpfs rw 0 0",
                        "semel-verify /t/semel-verify-" + own + "-medium tmpfs rw 0 0",
                        "/dev/loop0 /t\\040m\\040p/semel-verify-" + NOBODY + "-disk ext4 rw 0 0",
                        "/dev/loop1 /t/semel-verify-disk ext4 rw 0 0",
                        "/dev/loop2 /semel-verify-" + NOBODY + "-disk/below ext4 rw 0 0")));
    }

    /** Another user's, one in use, or one that is gone by now. */
    @Test
    void aLeftoverThatCantBeUnmountedIsToldAndStopsNobody() {
        Path leftover = Path.of("/missing/semel-verify-" + NOBODY + "-disk");
        List<String> told = MountPoint.unmountDeadOwners(List.of("/dev/loop0 " + leftover + " ext4 rw 0 0"));
        assertEquals(1, told.size(), told::toString);
        assertTrue(told.get(0).contains("still mounted") && told.get(0).contains(leftover.toString()),
                told::toString);
    }

    @Test
    void aMountPointNamesItsProcess() {
        assertEquals(OptionalLong.of(ProcessHandle.current().pid()), MountPoint.ownerOf(MountPoint.in(Path.of("/t"),
                "disk")));
        assertEquals(OptionalLong.empty(), MountPoint.ownerOf(Path.of("/")));
    }
}
