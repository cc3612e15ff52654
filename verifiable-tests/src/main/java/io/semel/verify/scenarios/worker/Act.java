package io.semel.verify.scenarios.worker;

/** What happens on stage while records flow. */
public enum Act {
    /** Nothing: whatever happens comes from outside. */
    STEADY {
        @Override
        void play(Stage stage) {
            stage.await(() -> false);
        }
    },
    /** Copiers join, leave and vanish. */
    REBALANCE {
        @Override
        void play(Stage stage) {
            new Rebalances(stage).play();
        }
    },
    /** Every program in turn ends, well or in the middle of a transaction, and starts again. */
    ROLLING {
        @Override
        void play(Stage stage) {
            new RollingRestarts(stage).play();
        }
    },
    /** Copiers stall, are replaced, and go on. */
    ZOMBIE {
        @Override
        void play(Stage stage) {
            new Zombies(stage).play();
        }
    },
    /** A producer hangs with an open transaction, and goes on when that has timed out. */
    HUNG {
        @Override
        void play(Stage stage) {
            new HungProducers(stage).play();
        }
    };

    /** Until the time is over. */
    abstract void play(Stage stage);
}
