package io.semel.verify.realdisk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where this process mounts: named by the process, so that what it leaves behind when it is killed is known for its
 * own. Stateless.
 */
final class MountPoint {
    private static final String PREFIX = "semel-verify-";
    private static final Pattern NAME = Pattern.compile(PREFIX + "([0-9]{1,18})-.*");
    private static final Path MOUNTS = Path.of("/proc/self/mounts");

    private static final int UNMOUNT_ATTEMPTS = 20;
    private static final long UNMOUNT_PAUSE_NS = 50_000_000;

    private MountPoint() {
    }

    /** A directory of {@code parent} to mount something on; not made. */
    static Path in(Path parent, String name) {
        return parent.resolve(PREFIX + ProcessHandle.current().pid() + '-' + name);
    }

    /** The process that mounted there, if it was one of ours. */
    static OptionalLong ownerOf(Path mountPoint) {
        Matcher named = NAME.matcher(String.valueOf(mountPoint.getFileName()));
        return named.matches() ? OptionalLong.of(Long.parseLong(named.group(1))) : OptionalLong.empty();
    }

    /** Unmounts; a process that was killed a moment ago may still let go of its files. */
    static void unmount(Path mountPoint) throws IOException {
        for (int attempt = 1;; attempt++) {
            try {
                SystemCommand.run(List.of("umount", mountPoint.toString()));
                return;
            } catch (IOException e) {
                if (attempt == UNMOUNT_ATTEMPTS) {
                    throw new IOException("still mounted: " + mountPoint + "; unmount it by hand: " + e.getMessage(),
                            e);
                }
                LockSupport.parkNanos(UNMOUNT_PAUSE_NS);
            }
        }
    }

    /** Unmounts what runs that were killed left mounted, where it may and can; returns what is to be told of each. */
    static List<String> unmountLeftovers() throws IOException {
        return unmountDeadOwners(Files.exists(MOUNTS) ? Files.readAllLines(MOUNTS) : List.of());
    }

    /** What another user left, or what is in use, stands in nobody's way. */
    static List<String> unmountDeadOwners(List<String> mounts) {
        List<String> told = new ArrayList<>();
        for (Path mountPoint : ofDeadOwners(mounts)) {
            try {
                unmount(mountPoint);
                told.add("unmounted what a killed run had left behind: " + mountPoint);
            } catch (IOException e) {
                told.add("a killed run left a mount behind: " + e.getMessage());
            }
        }
        return told;
    }

    /** The last mounted first: one may lie within the file system of another. */
    static List<Path> ofDeadOwners(List<String> mounts) {
        List<Path> found = new ArrayList<>();
        for (String line : mounts) {
            // What the kernel writes differently in a path, blanks for one, stands in none of our names, but may before
            // them.
            Path mountPoint = Path.of(line.split(" ")[1].replace("\\040", " "));
            OptionalLong owner = ownerOf(mountPoint);
            if (owner.isPresent() && ProcessHandle.of(owner.getAsLong()).isEmpty()) {
                found.add(0, mountPoint);
            }
        }
        return found;
    }
}
