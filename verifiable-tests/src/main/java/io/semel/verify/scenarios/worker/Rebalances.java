package io.semel.verify.scenarios.worker;

import java.util.ArrayList;
import java.util.List;

/** Copiers join, leave and vanish, in an order that the seed draws. Thread rule: the director's. */
final class Rebalances {
    /** More than there are partitions: some have nothing to do, until others go. */
    private static final int MOST_COPIERS = Cast.COPIERS + 2;

    /** Between two changes: enough for every one of them to be in a transaction. */
    private static final int COPIES_BETWEEN = 60;

    private final Stage stage;

    Rebalances(Stage stage) {
        this.stage = stage;
    }

    void play() {
        while (stage.awaitCopies(COPIES_BETWEEN)) {
            List<Player> copiers = stage.cast().copiers();
            int drawn = stage.below(3);
            if (copiers.size() == 1 || drawn == 0 && copiers.size() < MOST_COPIERS) {
                stage.cast().enterCopier(freeIndex());
            } else if (drawn == 1) {
                stage.leave(copiers.get(stage.below(copiers.size())));
            } else {
                stage.vanish(copiers.get(stage.below(copiers.size())));
            }
        }
    }

    private int freeIndex() {
        List<String> taken = new ArrayList<>(stage.cast().copiers().stream().map(Player::name).toList());
        int index = 0;
        while (taken.contains("copier-" + index)) {
            index++;
        }
        return index;
    }
}
