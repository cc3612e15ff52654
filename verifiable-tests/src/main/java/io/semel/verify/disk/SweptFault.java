package io.semel.verify.disk;

/** What happens at one storage call after the other. */
enum SweptFault {
    CRASHES, FAILS_ONCE, FAILS_FROM_THEN_ON;

    void plan(SimulatedDisk disk, long call) {
        switch (this) {
            case CRASHES -> disk.crashAtCall(call);
            case FAILS_ONCE -> disk.failCalls(call, 1);
            case FAILS_FROM_THEN_ON -> disk.failCalls(call, Long.MAX_VALUE);
        }
    }

    boolean isOutlived() {
        return this != CRASHES;
    }
}
