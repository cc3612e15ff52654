package io.semel.client.consumer;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.semel.transactions.groups.Reply;

/**
 * One answer of the coordinator, for the polling thread to find.
 *
 * <p>Thread rule: completed once, by any thread; read by any.
 */
final class Answer<T> implements Reply<T> {
    private final Parking parking;
    private volatile T value;
    /** What to do with an answer that nobody waits for any more; taken out by whoever does it. */
    private final AtomicReference<Consumer<T>> late = new AtomicReference<>();

    Answer(Parking parking) {
        this.parking = parking;
    }

    @Override
    public void complete(T answer) {
        value = answer;
        settleLate();
        parking.wake();
    }

    /** Nobody waits any more: {@code settle} is run once with the answer, now or when it comes. */
    void abandon(Consumer<T> settle) {
        late.set(settle);
        settleLate();
    }

    /** Each side writes its part before it looks for the other's, so one of them finds both. */
    private void settleLate() {
        T answer = value;
        Consumer<T> settle = answer == null ? null : late.getAndSet(null);
        if (settle != null) {
            settle.accept(answer);
        }
    }

    boolean isHere() {
        return value != null;
    }

    T get() {
        return value;
    }
}
