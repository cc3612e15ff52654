package io.semel.transactions.groups;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

/** A reply that remembers its answer and accepts only one. */
final class Answer<T> implements Reply<T> {

    private T value;

    @Override
    public void complete(T answer) {
        assertNotNull(answer);
        assertNull(value, () -> "answered twice: " + value + " and " + answer);
        value = answer;
    }

    boolean isThere() {
        return value != null;
    }

    T get() {
        assertNotNull(value, "not answered yet");
        return value;
    }
}
