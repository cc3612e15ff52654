package io.semel.verify.protocol;

import java.util.Locale;

import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.partition.Refusal;

/**
 * What the house answered to a step of a script.
 *
 * @param isGood whether a step that says nothing of its answer may go on
 * @param words  as a script writes it behind the arrow
 */
record Answer(boolean isGood, String words) {
    static final Answer DONE = of(Progress.DONE);

    static Answer of(Progress progress) {
        return new Answer(progress == Progress.DONE, words(progress));
    }

    static Answer of(GroupError error) {
        return error == GroupError.NONE ? DONE : new Answer(false, words(error));
    }

    /** Of an append: the offset of its first record, or why it was refused. */
    static Answer appended(long code) {
        return code >= 0 ? new Answer(true, "offset " + code) : new Answer(false, Refusal.describe(code));
    }

    /** One that is neither good nor bad. */
    static Answer told(Enum<?> what) {
        return new Answer(true, words(what));
    }

    private static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
