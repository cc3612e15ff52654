package io.semel.verify.scenarios;

import java.util.List;

/** Where a run shows how far it is. */
public interface ScenarioProgress {
    /** Shows nothing. */
    ScenarioProgress SILENT = state -> {
        // The report says it all.
    };

    /**
     * How far it is.
     *
     * @param secondsLeft of the life under way, if it is one that has a time
     */
    record State(int kills, int killsWanted, long secondsLeft, long sent, long copied, long transactions,
            List<String> alive, int violations) {
        @Override
        public String toString() {
            return "%,d s left  kills %,d/%,d  sent %,d  copied %,d  transactions %,d  broken %,d  alive: %s".formatted(
                    secondsLeft, kills, killsWanted, sent, copied, transactions, violations, String.join(" ", alive));
        }
    }

    void update(State state);
}
