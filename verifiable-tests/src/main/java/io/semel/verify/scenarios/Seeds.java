package io.semel.verify.scenarios;

import java.util.concurrent.ThreadLocalRandom;

/** The seed of a scenario. Stateless. */
public final class Seeds {
    private Seeds() {
    }

    /** The one that was given, or one from 1 on, short enough to be typed again, when none was. */
    public static long orDrawn(Long given) {
        return given == null ? ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE) : given;
    }
}
