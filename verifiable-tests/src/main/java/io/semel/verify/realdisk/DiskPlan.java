package io.semel.verify.realdisk;

import java.nio.file.Path;
import java.util.List;

import io.semel.verify.realdisk.worker.Weakness;

/**
 * What a run does.
 *
 * @param directory   where it works: an empty one, on a disk with room
 * @param kills       workers to kill on a disk with room
 * @param fullDisks   file systems to fill
 * @param fileSystems of which kinds, in turn
 * @param failingDisks file systems whose medium gives no more
 * @param seed        what happens and when; the operating system's scheduling it can't decide
 * @param deadlineNs  when nothing new is begun any more, by {@link System#nanoTime}
 */
public record DiskPlan(Path directory, int kills, int fullDisks, List<FileSystem> fileSystems,
        int failingDisks, long seed, long deadlineNs, Weakness weakness) {
    public static final int MAX_KILLS = 1_000_000;
    public static final int MAX_FULL_DISKS = 100_000;
}
