package io.semel.log;

import java.io.IOException;
import java.nio.file.Path;

import io.semel.log.memory.Disk;

/**
 * Has the next segment's file made ahead of need. Where the disk has no room for it, it is tried again after twice as many rounds
 * each time: a full disk stays full for long, and every try asks for its room and unlinks a file.
 *
 * <p>Thread rule: one thread at a time (SegmentChain.shaping); whether one is wanted, any thread asks.
 */
final class SpareSupply {
    /** A conductor that idles makes as many in about a second. */
    static final int MAX_ROUNDS_PAUSED = 1024;

    private final Disk disk;
    private final Path directory;
    private final Durability durability;
    /** Null while there is none. */
    private volatile SpareFile spare;
    /** After the next refusal. */
    private int pauseRounds = 1;
    private int roundsLeft;

    SpareSupply(Disk disk, Path directory, Durability durability) {
        this.disk = disk;
        this.directory = directory;
        this.durability = durability;
    }

    boolean isComplete() {
        SpareFile made = spare;
        return made != null && made.isComplete();
    }

    /** One round: writes the next step of the file, unless it pauses. Returns the number of things done. */
    int step(int wantedBytes) throws IOException {
        if (roundsLeft > 0) {
            roundsLeft--;
            return 0;
        }
        try {
            if (spare == null) {
                spare = SpareFile.begin(disk, directory, wantedBytes, durability);
            } else {
                spare.extend();
            }
            pauseRounds = 1;
            return 1;
        } catch (IOException e) {
            roundsLeft = pauseRounds;
            pauseRounds = Math.min(2 * pauseRounds, MAX_ROUNDS_PAUSED);
            throw e;
        }
    }

    /** What there is of it, null for nothing; whoever takes it uses it up. */
    SpareFile take() {
        SpareFile taken = spare;
        spare = null;
        return taken;
    }

    void remove() throws IOException {
        if (spare != null) {
            SpareFile.removeFrom(disk, directory);
        }
    }
}
