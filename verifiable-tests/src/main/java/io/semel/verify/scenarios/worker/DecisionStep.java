package io.semel.verify.scenarios.worker;

/** How far the end of a transaction over four partitions had come when its process died. */
public enum DecisionStep {
    NOT_ASKED("its end was not asked for"),
    ASKED("its end was asked for, and nothing is in the journal"),
    JOURNALED("the decision is in the journal, and no marker stands"),
    ONE_MARKER("one marker of four stands"),
    TWO_MARKERS("two markers of four stand"),
    THREE_MARKERS("three markers of four stand"),
    ALL_MARKERS("all markers stand, and the journal does not know"),
    COMPLETED("all markers stand, and the journal knows");

    private final String words;

    DecisionStep(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }

    /** From here on the decision is final: whoever opens the directory carries it out (T1). */
    public boolean isDecided() {
        return compareTo(JOURNALED) >= 0;
    }

    /** Whether the call that asked for the end returned. */
    boolean isAnswered() {
        return compareTo(ALL_MARKERS) >= 0;
    }

    /** Of a step that stands between the decision and its last marker. */
    int markers() {
        return ordinal() - JOURNALED.ordinal();
    }
}
