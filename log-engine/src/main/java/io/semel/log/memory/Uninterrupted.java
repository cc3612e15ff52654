package io.semel.log.memory;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * Runs a step that uses a file channel so that an interrupt of the calling thread neither stops it nor closes the file
 * for everybody else. The interrupt is kept for the caller.
 *
 * <p>The JDK closes a channel under whoever is interrupted within it. Files that stay open are therefore no channels at
 * all (see {@link MappedDiskFile}); what needs one opens it inside the step.
 */
final class Uninterrupted {
    private Uninterrupted() {
    }

    @FunctionalInterface
    interface Step<T> {
        /** Opens and closes the channels it needs, so that it can be run again. */
        T run() throws IOException;
    }

    static <T> T run(Step<T> step) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return step.run();
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
