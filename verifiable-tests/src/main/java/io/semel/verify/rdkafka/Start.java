package io.semel.verify.rdkafka;

/**
 * Where a reading begins.
 *
 * @param kcatOffset as kcat's option says it
 * @param offset     what Semel says that this is
 */
record Start(String kcatOffset, long offset) {
    static Start beginning(long offset) {
        return new Start("beginning", offset);
    }

    static Start at(long offset) {
        return new Start(Long.toString(offset), offset);
    }

    static Start since(long timestampMs, long offset) {
        return new Start("s@" + timestampMs, offset);
    }

    @Override
    public String toString() {
        return kcatOffset + " (offset " + offset + ')';
    }
}
