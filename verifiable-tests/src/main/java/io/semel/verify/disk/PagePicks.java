package io.semel.verify.disk;

import java.util.SplittableRandom;

/** Draws for every dirty page what a crash leaves of it. Thread rule: one thread. */
final class PagePicks {
    enum Pick {
        OLD, NEW,
        /** The new sectors up to some point, the old ones behind it. */
        NEW_HEAD,
        /** The old sectors up to some point, the new ones behind it. */
        NEW_TAIL
    }

    private final SplittableRandom random;
    /** Of a hundred pages. Drawn anew for each crash, so that some keep nearly everything and some nearly nothing. */
    private final int percentNew;
    private final int percentTorn;

    PagePicks(SplittableRandom random) {
        this.random = random;
        this.percentTorn = random.nextInt(4) * 10;
        this.percentNew = random.nextInt(5) * (100 - percentTorn) / 4;
    }

    Pick next() {
        int drawn = random.nextInt(100);
        if (drawn < percentTorn) {
            return drawn % 2 == 0 ? Pick.NEW_HEAD : Pick.NEW_TAIL;
        }
        return drawn < percentTorn + percentNew ? Pick.NEW : Pick.OLD;
    }

    /** A sector within the page, neither its first nor its end. */
    int sector(int sectors) {
        return 1 + random.nextInt(sectors - 1);
    }
}
