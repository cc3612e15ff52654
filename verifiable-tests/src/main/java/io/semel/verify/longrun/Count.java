package io.semel.verify.longrun;

/** What scenarios count and a long run asks for. */
public enum Count {
    /** L1, L2. */
    IMAGES("crash images recovered"),
    /** L3. */
    RECOVERY_CRASHES("crashes inside recovery"),
    /** L4. */
    CORRUPTIONS("recoveries with a side file damaged"),
    /** L5. */
    LIVES("lives with a fault at every storage call"),
    /** L5. */
    FAULTS("  faults in them"),
    /** L1, E1. */
    KILLS("processes killed"),
    /** T2 to T5. */
    HISTORIES_CHECKED("histories of killed programs checked"),
    /** L5. */
    FULL_DISKS("disks filled"),
    /** L5. */
    FAILING_DISKS("disks whose forces failed"),
    /** T2, T9. */
    RECORDS_COMPARED("records compared with what librdkafka shows"),
    /** I1 to I5, T1 to T9, G1, G2, E2. */
    HISTORIES("histories of the protocol"),
    /** I1 to I3. */
    BATCHES_JUDGED("  batches judged"),
    /** I4. */
    EXPIRED_ANSWERS("  answers to ids that had expired"),
    /** T1. */
    TRANSACTIONS_ENDED("  transactions whose end was seen"),
    /** T6. */
    FENCED_ANSWERS("  answers to instances that were replaced"),
    /** G1. */
    OFFSETS_COMMITTED("  offsets committed or staged"),
    /** G2. */
    SHARES_TOLD("  shares of groups told"),
    /** E2. */
    RECORDS_WRITTEN("  records written"),
    /** T7. */
    DELAYS("delayed messages and pairs of them"),
    /** L7. */
    RACES("races without a forbidden outcome"),
    /** X1. */
    MUTANTS("mutants caught"),
    /** X1. */
    SEEDED_BUGS("bugs of others planted and caught");

    private final String words;

    Count(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }
}
