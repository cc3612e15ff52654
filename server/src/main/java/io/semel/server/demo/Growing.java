package io.semel.server.demo;

import java.util.Arrays;

/** Ints in a row, without boxes. Thread rule: one thread. */
final class Growing {
    private int[] values = new int[1024];
    private int count;

    void add(int value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, count + (count >> 1));
        }
        values[count++] = value;
    }

    int get(int index) {
        return values[index];
    }

    int count() {
        return count;
    }
}
