package io.semel.verify.history;

/** A transaction of one process, or one send or poll outside of any. Thread rule: one thread. */
final class Operation {
    enum Status {
        /** A send or a poll by itself. */
        PLAIN,
        COMMITTED,
        ABORTED,
        /** Not ended, or nobody knows how. */
        UNKNOWN
    }

    static final int NO_EVENT = -1;

    /** Not in the graph of dependencies. */
    static final int NO_NODE = -1;

    private final String process;
    private final int beginEvent;
    private Status status;
    private int endEvent = NO_EVENT;
    private boolean hasWrites;
    private boolean proved;
    private boolean disproved;

    /** One of its sends of which nothing was polled, if nobody knows how it ended; else {@code null}. */
    private Write unseen;

    /** Its place in the graph of dependencies. */
    int node = NO_NODE;

    private Operation(String process, int beginEvent, Status status) {
        this.process = process;
        this.beginEvent = beginEvent;
        this.status = status;
    }

    static Operation plain(String process, int event) {
        return new Operation(process, event, Status.PLAIN);
    }

    static Operation begin(String process, int event) {
        return new Operation(process, event, Status.UNKNOWN);
    }

    void end(Status as, int event) {
        status = as;
        endEvent = event;
    }

    void noteWrite() {
        hasWrites = true;
    }

    /** One of its records was polled: if it was a transaction, then it committed. */
    void prove() {
        proved = true;
    }

    /** Nobody polled what it sent: if consumers had everything, then it did not commit. */
    void doubt(Write by) {
        if (unseen == null) {
            unseen = by;
        }
    }

    /** What it sent was passed and not polled: it did not commit. */
    void disprove(Write by) {
        unseen = by;
        disproved = true;
    }

    /** What {@link #doubt} or {@link #disprove} was told; {@code null} for nothing. */
    Write unseen() {
        return unseen;
    }

    String process() {
        return process;
    }

    boolean isTransaction() {
        return status != Status.PLAIN;
    }

    boolean isAborted() {
        return status == Status.ABORTED || disproved;
    }

    boolean isCommitted() {
        return status == Status.COMMITTED || status == Status.UNKNOWN && proved;
    }

    boolean isUnknown() {
        return status == Status.UNKNOWN && !proved && !disproved;
    }

    boolean hasWrites() {
        return hasWrites;
    }

    /** How it ended; of one that was not seen to end, how it began. */
    Evidence evidence() {
        return endEvent == NO_EVENT ? new Evidence(beginEvent, process, "began a transaction that was not seen to end")
                : new Evidence(endEvent, process, switch (status) {
                    case COMMITTED -> "committed";
                    case ABORTED -> "aborted";
                    case UNKNOWN -> "does not know whether it committed";
                    case PLAIN -> "was in no transaction";
                });
    }
}
