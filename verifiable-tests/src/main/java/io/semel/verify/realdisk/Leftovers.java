package io.semel.verify.realdisk;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The process and the mounted disk that must not outlive the run, however it ends. Once closed it takes no more.
 *
 * <p>Thread rule: any thread; Ctrl-C closes it from a thread of its own.
 */
final class Leftovers implements Closeable {
    /** Makes what has to be closed. */
    interface Making<T extends Closeable> {
        T make() throws IOException;
    }

    private final Deque<Closeable> open = new ArrayDeque<>();
    private boolean closed;

    synchronized <T extends Closeable> T keep(Making<T> making) throws IOException {
        if (closed) {
            throw new IllegalStateException("the run is being ended");
        }
        T made = making.make();
        open.push(made);
        return made;
    }

    synchronized void forget(Closeable done) {
        open.remove(done);
    }

    /** Last first: a process before the disk that it has open. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }
}
