package io.semel.verify;

import java.util.BitSet;

import io.semel.verify.VerifiableRecord.Side;

/**
 * Judges one partition record by record: numbers 0, 1, 2, ... must each stand there once, in this order, with the right
 * bytes. Thread rule: one thread.
 */
final class PartitionCheck {
    private final int partition;
    private final Side side;
    private final BitSet seen = new BitSet();
    private long records;
    private long duplicates;
    private long reordered;
    private long corrupt;
    private String firstDamage = "";

    PartitionCheck(int partition, Side side) {
        this.partition = partition;
        this.side = side;
    }

    void take(long offset, byte[] key, byte[] value) {
        records++;
        VerifiableRecord record = VerifiableRecord.of(key);
        if (record == null || record.partition() != partition || record.number() > Integer.MAX_VALUE
                || !record.hasValue(value, side)) {
            corrupt++;
            note("offset " + offset + " holds a record that nobody wrote there: " + record);
            return;
        }
        int number = (int) record.number();
        if (seen.get(number)) {
            duplicates++;
            note("offset " + offset + " holds record " + number + " again");
        } else if (number < seen.length()) {
            reordered++;
            note("offset " + offset + " holds record " + number + " after record " + (seen.length() - 1));
        }
        seen.set(number);
    }

    private void note(String damage) {
        if (firstDamage.isEmpty()) {
            firstDamage = side.topic() + '-' + partition + ": " + damage;
        }
    }

    /** @param expectedCount how many records must be there */
    Damage finish(long expectedCount) {
        long present = seen.get(0, (int) expectedCount).cardinality();
        long lost = expectedCount - present;
        long unexpected = seen.cardinality() - present;
        if (lost > 0) {
            note("record " + seen.nextClearBit(0) + " of " + expectedCount + " is missing");
        }
        if (unexpected > 0) {
            note("record " + seen.nextSetBit((int) expectedCount) + " was never written");
        }
        return new Damage(records, lost, duplicates, reordered, corrupt + unexpected, firstDamage);
    }
}
