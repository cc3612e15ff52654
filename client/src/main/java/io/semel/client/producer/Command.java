package io.semel.client.producer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;

import io.semel.client.runtime.Waiting;

/**
 * Something that the sender thread does between the records put before it and those put after it, step by step.
 *
 * <p>Thread rule: stepped by the sender thread; awaited and abandoned by any.
 */
final class Command implements Enqueued {
    /** Whether open batches must be sent for it without lingering. */
    enum Batches {
        CUT, LEAVE
    }

    private final String name;
    private final Batches batches;
    private final BooleanSupplier step;
    private final CompletableFuture<Void> outcome = new CompletableFuture<>();
    private volatile boolean abandoned;

    /** @param step goes on as far as it can without waiting; true when it is finished */
    Command(String name, Batches batches, BooleanSupplier step) {
        this.name = name;
        this.batches = batches;
        this.step = step;
    }

    boolean cutsBatches() {
        return batches == Batches.CUT;
    }

    /** Returns whether this is over, well or badly. */
    boolean step() {
        if (abandoned) {
            return true;
        }
        try {
            if (!step.getAsBoolean()) {
                return false;
            }
            outcome.complete(null);
        } catch (KafkaException e) {
            outcome.completeExceptionally(e);
        }
        return true;
    }

    void fail(Throwable cause) {
        outcome.completeExceptionally(cause);
    }

    boolean isOver() {
        return outcome.isDone();
    }

    /** Nobody waits for it any more, and it must not begin or go on. */
    void abandon() {
        abandoned = true;
    }

    /**
     * Waits until it is over.
     *
     * @param startNs since when the caller waits, for room in the queue to begin with
     * @throws TimeoutException when it is not over {@code timeout} after that; it goes on, and may be awaited again
     */
    void await(long startNs, Duration timeout) {
        try {
            long leftNs = Waiting.saturatedNanos(timeout) - (System.nanoTime() - startNs);
            outcome.get(Math.max(0, leftNs), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw new InterruptException("interrupted in " + name, e);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException(name + " not finished after " + timeout.toMillis()
                    + " ms; it goes on, calling it again waits for it again");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException known) {
                throw known;
            }
            throw new KafkaException(name + " failed", e.getCause());
        }
    }
}
