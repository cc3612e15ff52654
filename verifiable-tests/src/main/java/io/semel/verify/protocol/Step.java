package io.semel.verify.protocol;

import java.util.Locale;

/**
 * One drawn step of a life. Its numbers are taken modulo whatever there is to choose from then, so any part of a story
 * is a story, too.
 *
 * @param who   a producer, or a seat in a group
 * @param where a partition, or a group
 * @param what  the rest: how many, how old, how long
 */
record Step(Kind kind, int who, int where, int what) {
    /** What happens, and how often of a few hundred. */
    enum Kind {
        INIT(14), INIT_AGAIN(8), BEGIN(12), SEND(90), RESEND(26), SKIP(6), OVERLAP(6), NEVER_HANDED_OUT(3), STAGE(32),
        COMMIT(
                40), ABORT(12), HELP(10), WORK(22), FLUSH(14), FORCE(6), PASS(12), OUTLAST(3), SILENCE(5), CRASH(5),
        CRASH_SOON(7),
        CLOSE(2), JOIN(16), SYNC(14), BEAT(5), LEAVE(4), COMMIT_PLAIN(12), FETCH(8), DELETE_RECORDS(4), READ(6),
        OPERATOR_ABORT(6), REPLACE_TOPIC(4), FAIL_FORCE(5);

        private final int usual;

        Kind(int usual) {
            this.usual = usual;
        }

        int usual() {
            return usual;
        }
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " who=" + who + " where=" + where
                + " what=" + what;
    }
}
