package io.semel.benchmarks.workload;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A way for records from a writing thread to a reading one, through somebody's log. One interface for all, so that
 * every contender is driven by the same loops; a JVM knows one implementation, so the calls are inlined.
 *
 * <p>Thread rule: one thread writes, another one reads; who opened it closes it when both are done.
 */
public interface Lane extends AutoCloseable {
    /** Takes what the reading thread is shown. */
    @FunctionalInterface
    interface Sink {
        /** The number and the time that stand in the payload. */
        void onRecord(long number, long intendedNs);
    }

    /** Makes one in an empty directory. */
    @FunctionalInterface
    interface Opener {
        Lane open(Path directory) throws Exception;
    }

    /** First call of the writing thread: what belongs to one thread is opened here. */
    default void startWriting() {
    }

    /** First call of the reading thread. */
    default void startReading() {
    }

    /** Appends; what the lane batches becomes readable when its batch is full. Waits when there is no room. */
    void write(byte[] payload);

    /** Makes readable what was written, and waits until it is as safe as this contender makes it without a force. */
    void finish();

    /** While the writing thread waits for the next record's time: a chance to prepare for it. */
    default void idle() {
        Thread.onSpinWait();
    }

    /** Hands over some of what can be read now; returns the number of records. */
    int read(Sink sink);

    @Override
    void close() throws IOException;
}
