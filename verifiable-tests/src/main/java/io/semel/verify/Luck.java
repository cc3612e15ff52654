package io.semel.verify;

import java.util.SplittableRandom;

/** Draws what goes wrong. Thread rule: one thread. */
final class Luck {
    private final SplittableRandom random;

    Luck(SplittableRandom random) {
        this.random = random;
    }

    /** Per batch. */
    enum Delivery {
        CLEAN,
        /** The acknowledgement is lost, so the batch is sent again. */
        SENT_AGAIN,
        /** One of the last five batches turns up again, late. */
        OLD_ONE_AGAIN,
        /** The second half overtakes the first. */
        OVERTAKEN
    }

    /** Per transaction. */
    enum Course {
        COMMIT,
        ABORT,
        /** A newer instance takes over in the middle, and the old one does not know. */
        TAKEOVER
    }

    Delivery delivery() {
        int drawn = random.nextInt(100);
        if (drawn < 15) {
            return Delivery.SENT_AGAIN;
        }
        if (drawn < 25) {
            return Delivery.OLD_ONE_AGAIN;
        }
        return drawn < 32 ? Delivery.OVERTAKEN : Delivery.CLEAN;
    }

    Course course() {
        int drawn = random.nextInt(100);
        if (drawn < 4) {
            return Course.TAKEOVER;
        }
        return drawn < 10 ? Course.ABORT : Course.COMMIT;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }
}
