package io.semel.benchmarks.workload;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Somebody's transactions of one record each. One interface for all, so that every contender is driven by the same
 * loops.
 *
 * <p>Thread rule: who opened it verifies and closes it, after every {@link Committer} is closed.
 */
public interface Transactions extends AutoCloseable {
    /** Makes one in an empty directory. */
    @FunctionalInterface
    interface Opener {
        Transactions open(Path directory, int producers) throws Exception;
    }

    /** One producer. Thread rule: one thread, which also joined. */
    interface Committer extends AutoCloseable {
        /**
         * Begins a transaction, writes a record of {@link Payload#SMALL} bytes that bears {@code number}, and commits.
         */
        void transact(long number) throws Exception;

        @Override
        void close() throws IOException;
    }

    /** @param producer counted from 0 */
    Committer join(int producer) throws Exception;

    /** Throws unless the records numbered 0 to before {@code operations} were committed, each once. */
    void verify(long operations) throws Exception;

    @Override
    void close() throws IOException;
}
