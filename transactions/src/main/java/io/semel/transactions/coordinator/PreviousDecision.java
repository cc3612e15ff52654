package io.semel.transactions.coordinator;

/**
 * The decision before the one at hand, as long as somebody may need it. The next record of its id takes its place in
 * the journal: if power then took its markers away, nobody could put them back (T1).
 *
 * <p>Thread rule: under the pen of its transactional id.
 */
final class PreviousDecision {
    private final CoordinatorContext context;
    /** Null once nobody needs it any more. */
    private Decision decision;

    PreviousDecision(CoordinatorContext context) {
        this.context = context;
    }

    /** An empty one was never journaled, and leaves the one before it in place. Null for none. */
    void setAside(Decision ended) {
        if (ended != null && !ended.isEmpty()) {
            decision = ended;
        }
    }

    /** {@code DONE} once nobody needs it any more. */
    Progress progress() {
        Progress progress = decision == null ? Progress.DONE : decision.progressOfMarkers(context.partitions(), context
                .durability());
        if (progress == Progress.DONE) {
            decision = null;
        }
        return progress;
    }
}
