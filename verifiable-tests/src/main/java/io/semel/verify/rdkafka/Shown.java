package io.semel.verify.rdkafka;

import java.util.List;

/**
 * What a reader was shown.
 *
 * @param end the offset at which it learned that nothing more is to come
 */
record Shown(List<ShownRecord> records, long end) {
    private static final int CHARACTERS_SHOWN = 300;

    /** @throws DifferenceException saying where {@code other} differs first */
    void requireSame(Shown other) {
        int common = Math.min(records.size(), other.records.size());
        for (int index = 0; index < common; index++) {
            require(records.get(index), other.records.get(index), "record " + index);
        }
        if (records.size() != other.records.size()) {
            require(next(common), other.next(common), "the number of records, " + records.size() + " and "
                    + other.records.size() + ": the first that only one of them shows");
        }
        require(end, other.end, "the offset at the end");
    }

    private Object next(int index) {
        return index < records.size() ? records.get(index) : "nothing";
    }

    private static void require(Object expected, Object actual, String what) {
        if (!expected.equals(actual)) {
            throw new DifferenceException(what + ": Semel " + brief(expected) + ", librdkafka " + brief(actual));
        }
    }

    private static String brief(Object shown) {
        // Bytes that no terminal likes may be among a record's.
        String text = shown.toString().replaceAll("[^ -~]", "?");
        return text.length() <= CHARACTERS_SHOWN ? text : text.substring(0, CHARACTERS_SHOWN) + "...";
    }
}
