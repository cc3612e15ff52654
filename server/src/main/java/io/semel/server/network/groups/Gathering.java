package io.semel.server.network.groups;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

import io.semel.transactions.groups.Reply;

/**
 * Waits for the answers to several questions of one request, and hands them on together, in the order of the questions.
 *
 * <p>Thread rule: each {@link #slot} is completed once, by any thread; the last one hands on.
 */
final class Gathering<T> {
    private final AtomicReferenceArray<T> answers;
    private final AtomicInteger missing;
    private final Consumer<List<T>> whenComplete;

    /** @param whenComplete called at once if there is nothing to wait for */
    Gathering(int count, Consumer<List<T>> whenComplete) {
        this.answers = new AtomicReferenceArray<>(count);
        this.missing = new AtomicInteger(count);
        this.whenComplete = whenComplete;
        if (count == 0) {
            whenComplete.accept(List.of());
        }
    }

    Reply<T> slot(int index) {
        return answer -> {
            answers.set(index, answer);
            if (missing.decrementAndGet() == 0) {
                handOn();
            }
        };
    }

    private void handOn() {
        List<T> all = new ArrayList<>(answers.length());
        for (int index = 0; index < answers.length(); index++) {
            all.add(answers.get(index));
        }
        whenComplete.accept(all);
    }
}
