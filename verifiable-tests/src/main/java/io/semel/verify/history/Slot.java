package io.semel.verify.history;

/** One offset of a partition that was acknowledged or polled. Thread rule: one thread. */
final class Slot {
    private final long offset;
    private final Value value;

    /** Who first said what is here. */
    private final Witness witness;

    /** Who wrote it, as far as that is known. */
    Write writer;

    /** The first poll of it that showed no dead record. */
    Read firstRead;

    /** Whether a record is there. */
    boolean isVisible;

    /** Records that are there at lower offsets. */
    int visibleBefore;

    /** Whether a contradiction about it was told already. */
    boolean isContradicted;

    Slot(long offset, Value value, Witness witness) {
        this.offset = offset;
        this.value = value;
        this.witness = witness;
    }

    long offset() {
        return offset;
    }

    Value value() {
        return value;
    }

    Witness witness() {
        return witness;
    }

    /** Records that are there at this offset or lower ones. */
    int visibleThrough() {
        return visibleBefore + (isVisible ? 1 : 0);
    }

    /** Who can tell that the record is there. */
    Witness visibleBy() {
        return firstRead != null ? firstRead : writer;
    }
}
