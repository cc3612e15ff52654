package io.semel.verify.disk;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Counts the storage calls of a disk and says which of them fail, and which one is the last. Thread rule: one thread.
 */
final class StorageCalls {
    private static final long NEVER = Long.MAX_VALUE;

    private long count;
    private long forces;
    private long crashAt = NEVER;
    private long failFrom = NEVER;
    private long failEnd = NEVER;
    private long oddForceFrom = NEVER;
    private long oddForceEnd = NEVER;
    private ForceOutcome oddOutcome = ForceOutcome.DONE;
    private long failures;
    private boolean dead;

    void crashAt(long call) {
        crashAt = call;
    }

    void fail(long first, long calls) {
        failFrom = first;
        failEnd = calls == NEVER ? NEVER : first + calls;
    }

    void endForces(long first, long calls, ForceOutcome outcome) {
        oddForceFrom = first;
        oddForceEnd = calls == NEVER ? NEVER : first + calls;
        oddOutcome = outcome;
    }

    void heal() {
        crashAt = NEVER;
        failFrom = NEVER;
        oddForceFrom = NEVER;
    }

    /** Every storage call passes here first. */
    void enter(String what, Path path) throws IOException {
        live(what);
        long number = count++;
        if (number >= crashAt) {
            dead = true;
            throw new CrashedException(what + ' ' + path);
        }
        if (number >= failFrom && number < failEnd) {
            failures++;
            throw new IOException("made up: call " + number + ", " + what + ' ' + path + ", fails");
        }
    }

    /** As {@link #enter}, and says how this force ends. */
    ForceOutcome enterForce(String what, Path path) throws IOException {
        enter(what, path);
        long number = forces++;
        boolean odd = number >= oddForceFrom && number < oddForceEnd;
        return odd ? oddOutcome : ForceOutcome.DONE;
    }

    IOException failedForce(Path path) {
        failures++;
        return new IOException("made up: force " + (forces - 1) + ", of " + path + ", fails");
    }

    IOException full(Path path) {
        failures++;
        return new IOException("No space left on device (made up): " + path);
    }

    /** @throws CrashedException after the crash */
    void live(String what) {
        if (dead) {
            throw new CrashedException(what + ", after the crash");
        }
    }

    /** Nothing more is done through this disk. */
    void end() {
        dead = true;
    }

    long count() {
        return count;
    }

    long forces() {
        return forces;
    }

    long failures() {
        return failures;
    }
}
