package io.semel.server.demo;

import java.util.SplittableRandom;

/**
 * When workers die: the work that is left is cut into as many parts as there are kills, and each kill falls on a random
 * line of its part, a random moment later. Work that would be over too soon for that is held to a pace.
 *
 * <p>Thread rule: one thread.
 */
final class KillSchedule {
    /** A part's length when the work is paced: some hundred transactions, and a demo of ten kills takes seconds. */
    static final long PART_MS = 600;

    /** A worker that has not come to its line by then dies where it is. */
    static final long LONGEST_LIFE_MS = 4 * PART_MS;

    /** About a transaction's length: kills fall before, into and after commits. */
    private static final int JITTER_MS = 20;

    /** A transaction lasts about as long at a slow pace; at a fast one, the limit of lines comes first. */
    private static final double TRANSACTION_MS = 10;
    private static final int MAX_LINES_PER_TRANSACTION = 300;

    private final SplittableRandom random;
    private final long firstLine;
    private final long lines;
    private final int kills;

    /**
     * @param firstLine where the feeder stands
     * @param endLine   where the feed ends
     */
    KillSchedule(long seed, long firstLine, long endLine, int kills) {
        this.random = new SplittableRandom(seed);
        this.firstLine = firstLine;
        this.lines = endLine - firstLine;
        this.kills = kills;
    }

    long firstLine() {
        return firstLine;
    }

    /** Lines per second at which the work lasts for all kills. */
    double linesPerSecond() {
        return kills == 0 ? 0 : lines * 1000.0 / (kills * PART_MS);
    }

    int linesPerTransaction() {
        if (kills == 0) {
            return MAX_LINES_PER_TRANSACTION;
        }
        return (int) Math.max(1, Math.min(MAX_LINES_PER_TRANSACTION, linesPerSecond() * TRANSACTION_MS / 1000));
    }

    /** The last line is fed only when all kills are done. */
    long lineLimitBeforeLastKill() {
        return firstLine + lines - 1;
    }

    /** The line whose feeding brings the kill of this number, from 0. */
    long lineOfKill(int kill) {
        return firstLine + (long) ((kill + random.nextDouble()) * (lines - 1) / kills);
    }

    long jitterMs() {
        return random.nextInt(JITTER_MS);
    }
}
