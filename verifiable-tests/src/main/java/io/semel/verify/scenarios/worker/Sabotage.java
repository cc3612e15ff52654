package io.semel.verify.scenarios.worker;

import java.util.Locale;

import io.semel.idempotence.Verdict;
import io.semel.idempotence.Verdicts;

/** A check that is switched off, to show that the harness would notice. */
public enum Sabotage implements Verdicts {
    NONE {
        @Override
        public Verdict settle(Verdict verdict) {
            return verdict;
        }
    },
    /** Retries and overtaking batches are written like new ones. */
    SEQUENCE_CHECK {
        @Override
        public Verdict settle(Verdict verdict) {
            return switch (verdict) {
                case DUPLICATE, DUPLICATE_FORGOTTEN, GAP -> Verdict.ADMIT;
                case ADMIT, FENCED, UNKNOWN -> verdict;
            };
        }
    },
    /** An instance that was replaced may go on writing. */
    FENCING {
        @Override
        public Verdict settle(Verdict verdict) {
            return verdict == Verdict.FENCED ? Verdict.ADMIT : verdict;
        }
    };

    /** As typed on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
