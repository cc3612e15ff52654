package io.semel.transactions.broker;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;

import io.semel.transactions.partition.Partition;

/**
 * Partitions that are being opened on somebody's threads. All of them are waited for, also when one fails: none may be left
 * open then. Thread rule: one thread starts and awaits.
 */
final class PartitionOpenings {
    private final Executor threads;
    private final List<FutureTask<Partition>> tasks = new ArrayList<>();

    PartitionOpenings(Executor threads) {
        this.threads = threads;
    }

    void start(Callable<Partition> opening) {
        FutureTask<Partition> task = new FutureTask<>(opening);
        tasks.add(task);
        threads.execute(task);
    }

    /** The partitions in the order in which they were started; when one failed, the others are closed again. */
    List<Partition> await() throws IOException {
        List<Partition> opened = new ArrayList<>();
        Throwable failure = null;
        for (FutureTask<Partition> task : tasks) {
            try {
                opened.add(get(task));
            } catch (ExecutionException e) {
                if (failure == null) {
                    failure = e.getCause();
                } else {
                    failure.addSuppressed(e.getCause());
                }
            }
        }
        if (failure != null) {
            closeAll(opened, failure);
            throwAs(failure);
        }
        return opened;
    }

    /** An interrupt must not leave partitions open behind the opener's back: it is kept for later. */
    private static Partition get(FutureTask<Partition> task) throws ExecutionException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
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
