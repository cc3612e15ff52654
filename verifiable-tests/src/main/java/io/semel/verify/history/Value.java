package io.semel.verify.history;

/** All that is known of one value of one partition. Thread rule: one thread. */
final class Value {
    private final String name;

    /** The latest send of it; earlier ones hang behind. */
    Write lastWrite;

    /** The first poll of it that showed no dead record. */
    Read firstRead;

    /** The first offset at which it is there. */
    Slot visibleAt;

    Value(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    boolean isSentOnce() {
        return lastWrite != null && lastWrite.before() == null;
    }
}
