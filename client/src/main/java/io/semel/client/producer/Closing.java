package io.semel.client.producer;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.client.runtime.Waiting;

/**
 * How a producer ends: in order while there is time, by force after that.
 *
 * <p>Thread rule: any thread; the first to close puts the order, later ones only wait for the thread's end.
 */
final class Closing {
    private static final Logger LOGGER = LoggerFactory.getLogger(Closing.class);

    /** By force the sender only fails what it holds; it is not back by then only if a callback of the user is stuck. */
    private static final long GRACE_MS = 5_000;

    private final ProducerParts parts;
    private final AtomicBoolean begun = new AtomicBoolean();

    Closing(ProducerParts parts) {
        this.parts = parts;
    }

    void requireOpen() {
        if (begun.get()) {
            throw new IllegalStateException("producer is closed");
        }
    }

    /** Waits for the end if the producer is being closed, or was; false when it is not. */
    boolean awaitIfBegun() {
        if (!begun.get()) {
            return false;
        }
        parts.queue().refuseSenderThread("flush");
        try {
            return parts.sender().join(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            throw new InterruptException("interrupted while the producer is being closed", e);
        }
    }

    void close(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout must not be negative: " + timeout);
        }
        boolean isFirst = begun.compareAndSet(false, true);
        parts.queue().close();
        if (parts.queue().isSenderThread()) {
            if (isFirst) {
                parts.queue().putOwn(inOrder());
            }
            return;
        }
        long startNs = System.nanoTime();
        long timeoutNs = Waiting.saturatedNanos(timeout);
        try {
            if (isFirst && timeoutNs > 0) {
                parts.queue().put(inOrder(), timeout);
            }
            long leftNs = timeoutNs - (System.nanoTime() - startNs);
            if (parts.sender().join(TimeUnit.NANOSECONDS.toMillis(Math.max(0, leftNs)))) {
                return;
            }
        } catch (InterruptedException | InterruptException e) {
            parts.sender().end(new KafkaException("producer closed by force: its close was interrupted"));
            throw new InterruptException("interrupted in close; it goes on by force", asInterrupted(e));
        } catch (KafkaException e) {
            LOGGER.warn("no orderly close: {}", e.toString());
        }
        byForce();
    }

    private static InterruptedException asInterrupted(Exception e) {
        return e instanceof InterruptedException interrupted ? interrupted : new InterruptedException(e.getMessage());
    }

    /** The thread ends behind everything that was put before. */
    private Command inOrder() {
        return new Command("close", Command.Batches.CUT,
                () -> parts.stepClose() && parts.sender().finish(new KafkaException("producer is closed")));
    }

    private void byForce() {
        parts.sender().end(new KafkaException("producer closed by force: its close timed out"));
        try {
            if (!parts.sender().join(GRACE_MS)) {
                throw new KafkaException("producer's thread does not end: a callback is stuck in it");
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
