package io.semel.verify.clients;

import java.io.IOException;

/**
 * Whom a client speaks to.
 *
 * <p>Thread rule: one thread.
 */
interface Host extends AutoCloseable {
    /** As the list of differences calls it. */
    String title();

    /** What it is, with its version. */
    String version();

    String bootstrapServers();

    /** Ends it, and starts it again at the same address over the same directory. */
    void restart() throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
}
