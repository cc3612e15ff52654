package io.semel.verify;

import org.junit.jupiter.api.Test;

import io.semel.verify.VerifiableRecord.Side;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The checker, on histories made by hand. */
class PartitionCheckTest {
    private static final int PARTITION = 2;

    private static Damage check(long expectedCount, long... numbers) {
        PartitionCheck check = new PartitionCheck(PARTITION, Side.COPY);
        long offset = 0;
        for (long number : numbers) {
            VerifiableRecord record = new VerifiableRecord(PARTITION, number);
            check.take(offset++, record.key(), record.value(Side.COPY));
        }
        return check.finish(expectedCount);
    }

    @Test
    void eachOnceInOrderIsGood() {
        assertTrue(check(4, 0, 1, 2, 3).isNone());
        assertTrue(check(0).isNone());
    }

    @Test
    void aMissingRecordIsLostWhereverItStood() {
        assertEquals(1, check(4, 1, 2, 3).lost());
        assertEquals(1, check(4, 0, 2, 3).lost());
        assertEquals(1, check(4, 0, 1, 2).lost());
        assertEquals(4, check(4).lost());
        assertTrue(check(4, 0, 2, 3).first().contains("record 1 of 4 is missing"));
    }

    @Test
    void aRecordTwiceIsDuplicatedAndNothingElse() {
        Damage damage = check(3, 0, 1, 1, 2);
        assertEquals(1, damage.duplicated());
        assertEquals(0, damage.reordered());
        assertEquals(0, damage.lost());
        assertTrue(damage.first().contains("offset 2 holds record 1 again"), damage.first());
        assertEquals(2, check(2, 0, 1, 0, 1).duplicated());
    }

    @Test
    void aRecordBehindALaterOneIsOutOfOrderAndNotLost() {
        Damage damage = check(4, 0, 2, 1, 3);
        assertEquals(1, damage.reordered());
        assertEquals(0, damage.lost());
        assertEquals(0, damage.duplicated());
        assertFalse(damage.isNone());
    }

    @Test
    void aRecordThatNobodyWroteIsFound() {
        assertEquals(1, check(2, 0, 1, 2).corrupt());
        PartitionCheck check = new PartitionCheck(PARTITION, Side.COPY);
        VerifiableRecord ofAnotherPartition = new VerifiableRecord(PARTITION + 1, 0);
        check.take(0, ofAnotherPartition.key(), ofAnotherPartition.value(Side.COPY));
        VerifiableRecord original = new VerifiableRecord(PARTITION, 0);
        check.take(1, original.key(), original.value(Side.INPUT));
        check.take(2, new byte[3], new byte[3]);
        check.take(3, null, null);
        assertEquals(4, check.finish(0).corrupt());
    }

    @Test
    void everyFlippedBitOfARecordIsFound() {
        VerifiableRecord record = new VerifiableRecord(PARTITION, 7);
        byte[] value = record.value(Side.COPY);
        for (int bit = 0; bit < value.length * 8; bit++) {
            byte[] flipped = value.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertFalse(record.hasValue(flipped, Side.COPY));
        }
    }

    @Test
    void damageAddsUp() {
        Damage sum = check(2, 0).plus(check(2, 0, 0, 1));
        assertEquals(1, sum.lost());
        assertEquals(1, sum.duplicated());
        assertEquals(4, sum.records());
    }
}
