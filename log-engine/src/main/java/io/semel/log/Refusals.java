package io.semel.log;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/**
 * What the disk refuses a log, and to whom. Each work's refusal is said when it begins, and not again before that work went well:
 * what goes on beside it, on a disk that is nearly full, has it said neither at every step nor as what it is not.
 *
 * <p>Thread rule: any thread; one thread at a time per work.
 */
final class Refusals {
    /** Who wants something of the disk, and what it means to be refused. */
    enum Work {
        /** A new segment or its next blocks, for an append that can't go on without. */
        APPEND("appends are refused until there is"),
        /** Those of the last segment, before they are claimed. */
        BLOCKS_AHEAD("appends go on while there are blocks, and then ask for their own"),
        /** The next segment's, before this one is full. */
        SPARE_SEGMENT("appends go on, and the one that finds the segment full makes the next"),
        FINISHED_SEGMENT("appends go on, and it is tried again"),
        INDEX("appends go on, without it reading takes longer, and it is tried again");

        private final String meaning;

        Work(String meaning) {
            this.meaning = meaning;
        }
    }

    private final String log;
    private final Consumer<String> warning;
    /** By work; null where it is not refused. */
    private final AtomicReferenceArray<IOException> causes = new AtomicReferenceArray<>(Work.values().length);

    /**
     * @param log     whose they are, for whoever reads the warnings
     * @param warning is told each
     */
    Refusals(String log, Consumer<String> warning) {
        this.log = log;
        this.warning = warning;
    }

    void refused(Work work, String what, IOException cause) {
        if (causes.getAndSet(work.ordinal(), cause) == null) {
            warning.accept(log + ": no disk for " + what + ": " + cause + "; " + work.meaning);
        }
    }

    void wentWell(Work work) {
        if (causes.getAcquire(work.ordinal()) != null) {
            causes.setRelease(work.ordinal(), null);
        }
    }

    /** Why appends are refused; null while they are not. */
    IOException ofAppends() {
        return causes.getAcquire(Work.APPEND.ordinal());
    }
}
