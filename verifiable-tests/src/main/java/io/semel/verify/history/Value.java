package io.semel.verify.history;

import java.util.ArrayList;
import java.util.List;

/**
 * All that is known of one value of one partition, or of those of a topic whose partition is not known. Thread rule:
 * one thread.
 */
final class Value {
    private final String name;

    /** All sends of it, mostly one. */
    private final List<Write> writes = new ArrayList<>(1);

    /** The first poll of it that showed no dead record. */
    Read firstRead;

    /** The first offset at which it is there. */
    Slot visibleAt;

    /** Offsets at which it is there, as far as they were counted. */
    int visibleCount;

    Value(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    List<Write> writes() {
        return writes;
    }
}
