package io.semel.verify.scenarios.worker;

/**
 * A copier stalls in the middle of a transaction; a successor with its transactional id begins where it had begun and
 * commits; then it wakes, and sends the rest, its offsets, its commit. Thread rule: the director's.
 */
final class Zombies {
    private static final int COPIES_BETWEEN = 40;
    private static final String SECOND = "b";

    private final Stage stage;

    Zombies(Stage stage) {
        this.stage = stage;
    }

    void play() {
        while (stage.awaitCopies(COPIES_BETWEEN)) {
            int index = stage.below(Cast.COPIERS);
            String first = "copier-" + index;
            Player zombie = stage.cast().copiers().stream().filter(player -> player.name().startsWith(first))
                    .findFirst()
                    .orElseThrow();
            Stall stall = Stall.of(stage, zombie);
            if (!stall.begins()) {
                return;
            }
            Player successor = stage.cast().enterCopier(zombie.name().equals(first) ? first + SECOND : first, index);
            stage.must("a successor of " + zombie.name() + " commits", () -> successor.progress() > 0);
            stall.endsRefused();
        }
    }
}
