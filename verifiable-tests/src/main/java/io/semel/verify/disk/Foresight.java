package io.semel.verify.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;

import io.semel.log.CorruptLogException;
import io.semel.verify.disk.EngineCounts.Count;

/**
 * Looks, in the middle of a life, at what a power loss would leave right now, where a segment has just lost its name or
 * got one: an entry that is gone too early, before what takes its place is on the medium, is missed for a few calls
 * only, and seldom does a life end within them.
 *
 * <p>Thread rule: one thread.
 */
final class Foresight {
    /** Where nothing is compacted only new segments get names, and those that nobody wants lose them. */
    private static final int NAMES_PER_LOOK = 8;

    private final SplittableRandom random;
    private final Path directory;
    private final LogModel model;
    private final SideFileDamage damage;
    private final EngineCounts counts;
    private ViolationException seen;

    Foresight(SplittableRandom random, Path directory, LogModel model, SideFileDamage damage, EngineCounts counts) {
        this.random = random;
        this.directory = directory;
        this.model = model;
        this.damage = damage;
        this.counts = counts;
    }

    /** From now on this disk is looked at. */
    void watch(SimulatedDisk disk) {
        disk.tellOfEntries(path -> entryChanged(disk, path));
    }

    private void entryChanged(SimulatedDisk disk, Path path) {
        String name = path.getFileName().toString();
        boolean isSegment = name.endsWith(".log") || name.endsWith(".swap");
        if (isSegment && seen == null && random.nextInt(model.compacts() ? 1 : NAMES_PER_LOOK) == 0) {
            try {
                look(disk.copy(random.nextLong()).crash(CrashMode.POWER));
            } catch (ViolationException e) {
                // Whoever changed the entry would take it for a failure of his own.
                seen = e;
            }
        }
    }

    private void look(SimulatedDisk found) {
        counts.add(Count.FORESEEN, 1);
        try {
            if (model.startCeiling() == 0 && random.nextBoolean()) {
                damage.loseCheckpoints(found, directory);
            }
            int batches = Recoveries.batchesFoundIn(found, directory, model);
            OpenLog.require(batches >= model.onMediumCount(), "L1", () -> "after a power loss now " + batches
                    + " batches would survive, " + model.onMediumCount() + " were acknowledged");
        } catch (CorruptLogException e) {
            throw new ViolationException("L2", "refused after a power loss now: " + e.getMessage());
        } catch (IOException e) {
            throw new ViolationException("L5", "the disk is well, and yet: " + e);
        }
    }

    /** @throws ViolationException if one was seen */
    void requireNothingSeen() {
        if (seen != null) {
            throw seen;
        }
    }
}
