package io.semel.verify.protocol;

/** What is counted of lives, in the order of a report. */
public enum Count {
    STEPS("steps taken"), BATCHES("batches sent for the first time"), RETRIES("batches sent again, answered as before"),
    REFUSED(
            "batches out of order, or too old, refused"), FENCED("answers to instances that were replaced"), EXPIRED(
                    "answers to ids that had expired"), FORGOTTEN(
                            "ids forgotten in silence"), HANDED_OUT(
                                    "instances handed out"), TRANSACTIONS("transactions begun"), COMMITTED(
                                            "  told to be committed"),
    ABORTED(
            "  told to be aborted"), TIMED_OUT("  timed out"), STAGED("offsets staged in transactions"), OFFSETS(
                    "offsets committed by themselves"), GENERATIONS("memberships of generations told"), REPLACED(
                            "static members that came back"), HANDED_OVER("shares told to cooperating members"), KILLS(
                                    "crashes of the process"), POWER_LOSSES("crashes of the power"), WITHIN(
                                            "  within a call"), IN_RECOVERY("crashes inside recovery"), CLOSES(
                                                    "clean closes"), FAILED_FORCES("forces that failed"), OPERATOR(
                                                            "transactions aborted by an operator"),
    REPLACED_TOPICS("topics deleted and made again"), RECORDS("records written"), ENDED(
            "transactions whose end was seen"),
    SHARES("shares of groups told");

    private final String words;

    Count(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }
}
