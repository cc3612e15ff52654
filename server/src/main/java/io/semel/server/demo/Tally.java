package io.semel.server.demo;

/** How often each of the expected records was found. Thread rule: one thread. */
final class Tally {
    private final byte[] found;
    private long records;
    private long duplicates;
    private long foreign;

    Tally(int expectedCount) {
        this.found = new byte[expectedCount];
    }

    /** @param index of an expected record, or -1 for one that nobody expects */
    void take(int index) {
        records++;
        if (index < 0) {
            foreign++;
        } else if (found[index] == 0) {
            found[index] = 1;
        } else {
            duplicates++;
        }
    }

    long expected() {
        return found.length;
    }

    long records() {
        return records;
    }

    long duplicates() {
        return duplicates;
    }

    /** Records that are none of the text's. */
    long foreign() {
        return foreign;
    }

    long losses() {
        long losses = 0;
        for (byte each : found) {
            losses += 1 - each;
        }
        return losses;
    }

    boolean isExact() {
        return duplicates == 0 && foreign == 0 && losses() == 0;
    }
}
