package io.semel.verify.scenarios.worker;

/**
 * One program after the other ends and starts again, producers and copiers, half of them without a word. Thread rule:
 * the director's.
 */
final class RollingRestarts {
    private static final int COPIES_BETWEEN = 40;

    private final Stage stage;
    private int turn;

    RollingRestarts(Stage stage) {
        this.stage = stage;
    }

    void play() {
        while (stage.awaitCopies(COPIES_BETWEEN)) {
            int index = turn++ % (Cast.PRODUCERS + Cast.COPIERS);
            Player successor = index < Cast.PRODUCERS
                    ? restart("producer-" + index, index)
                    : restart("copier-" + (index - Cast.PRODUCERS), index - Cast.PRODUCERS);
            stage.await(() -> successor.progress() > 0);
        }
    }

    private Player restart(String name, int index) {
        Player old = stage.cast().onStage().stream().filter(player -> player.name().equals(name)).findFirst()
                .orElseThrow();
        if (stage.below(2) == 0) {
            stage.leave(old);
        } else {
            stage.vanish(old);
        }
        return name.startsWith("copier") ? stage.cast().enterCopier(index) : stage.cast().enterProducer(index);
    }
}
