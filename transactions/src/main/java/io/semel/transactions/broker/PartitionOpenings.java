package io.semel.transactions.broker;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

import io.semel.transactions.partition.Partition;

/**
 * Partitions that are being opened on somebody's threads. All of them are waited for, also when one fails: none may be
 * left open then. Thread rule: one thread starts and awaits.
 */
final class PartitionOpenings {
    private final Executor threads;
    private final List<Opening> openings = new ArrayList<>();

    PartitionOpenings(Executor threads) {
        this.threads = threads;
    }

    /** One partition, opened by whoever comes first. */
    private static final class Opening implements Runnable {
        private final Callable<Optional<Partition>> work;
        private final AtomicBoolean taken = new AtomicBoolean();
        private Optional<Partition> opened = Optional.empty();
        private Throwable failure;
        private volatile boolean done;

        Opening(Callable<Optional<Partition>> work) {
            this.work = work;
        }

        @Override
        public void run() {
            if (!taken.compareAndSet(false, true)) {
                return;
            }
            try {
                opened = work.call();
            } catch (Throwable e) {
                failure = e;
            }
            done = true;
        }
    }

    void start(Callable<Optional<Partition>> work) {
        Opening opening = new Opening(work);
        openings.add(opening);
        threads.execute(opening);
    }

    /**
     * The partitions in the order in which they were started, without those that are offline; when one failed, the
     * others are closed again.
     */
    List<Partition> await() throws IOException {
        // This thread opens what nobody has begun with, and has little left to wait for then.
        openings.forEach(Opening::run);
        List<Partition> opened = new ArrayList<>();
        Throwable failure = null;
        for (Opening opening : openings) {
            while (!opening.done) {
                Thread.yield();
            }
            if (opening.failure == null) {
                opening.opened.ifPresent(opened::add);
            } else if (failure == null) {
                failure = opening.failure;
            } else {
                failure.addSuppressed(opening.failure);
            }
        }
        if (failure != null) {
            closeAll(opened, failure);
            throwAs(failure);
        }
        return opened;
    }

    private static void closeAll(List<Partition> opened, Throwable cause) {
        for (Partition partition : opened) {
            try {
                partition.close();
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }
    }

    private static void throwAs(Throwable failure) throws IOException {
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
        throw new IllegalStateException(failure);
    }
}
