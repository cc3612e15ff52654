package io.semel.verify.longrun;

/** What scenarios count and a long run asks for. */
public enum Count {
    HISTORIES_CHECKED("histories of killed programs checked"), IMAGES("crash images recovered"), RECOVERY_CRASHES(
            "crashes inside recovery"), CORRUPTIONS(
                    "recoveries with a side file damaged"), LIVES("lives with a fault at every storage call"), FAULTS(
                            "  faults in them"), KILLS("processes killed"), FULL_DISKS("disks filled"), FAILING_DISKS(
                                    "disks whose forces failed"), RECORDS_COMPARED(
                                            "records compared with what librdkafka shows"), HISTORIES(
                                                    "histories of the protocol"), DELAYS(
                                                            "delayed messages and pairs of them"), RACES(
                                                                    "races without a forbidden outcome"), MUTANTS(
                                                                            "mutants caught");

    private final String words;

    Count(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }
}
