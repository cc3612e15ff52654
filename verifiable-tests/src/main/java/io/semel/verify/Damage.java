package io.semel.verify;

/**
 * What a check found.
 *
 * @param records   how many were looked at
 * @param reordered records that stand behind a later one
 * @param corrupt   records with bytes, or at a place, that nobody wrote
 * @param first     the first damage in words; empty when there is none
 */
record Damage(long records, long lost, long duplicated, long reordered, long corrupt, String first) {
    static final Damage NONE = new Damage(0, 0, 0, 0, 0, "");

    boolean isNone() {
        return lost == 0 && duplicated == 0 && reordered == 0 && corrupt == 0;
    }

    Damage plus(Damage other) {
        return new Damage(records + other.records, lost + other.lost, duplicated + other.duplicated,
                reordered + other.reordered, corrupt + other.corrupt, first.isEmpty() ? other.first : first);
    }
}
