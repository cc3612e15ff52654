package io.semel.verify.longrun;

/** How a part of a long run ended. */
public enum Verdict {
    HELD("held"),
    /** A promise is broken, or a planted bug was not noticed. */
    BROKEN("BROKEN"),
    /** It could not run here, did not come to its end, or reached less than was asked for. */
    NOT_PROVED("NOT PROVED"),
    /** It was under way when the run was interrupted. */
    INTERRUPTED("interrupted"),
    /** Its turn had not come when the run was interrupted. */
    NOT_BEGUN("not begun");

    private final String words;

    Verdict(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
