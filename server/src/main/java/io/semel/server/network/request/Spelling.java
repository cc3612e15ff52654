package io.semel.server.network.request;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody may have meant who wrote a name that does not exist. Stateless. */
final class Spelling {
    private Spelling() {
    }

    /** The name that fewest changes of a letter lead to, unless a third of the letters would have to change. */
    static Optional<String> nearest(String written, Collection<String> names) {
        return names.stream().min(Comparator.<String>comparingInt(name -> changes(written, name)).thenComparing(
                Comparator.naturalOrder())).filter(name -> changes(written, name) <= Math.max(2, written.length() / 3));
    }

    /** Letters to put in, take out or replace: one row of the table of all beginnings after the other. */
    static int changes(String from, String to) {
        int[] before = new int[to.length() + 1];
        for (int column = 0; column <= to.length(); column++) {
            before[column] = column;
        }
        for (int row = 1; row <= from.length(); row++) {
            int[] now = new int[to.length() + 1];
            now[0] = row;
            for (int column = 1; column <= to.length(); column++) {
                int replaced = before[column - 1] + (from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1);
                now[column] = Math.min(replaced, 1 + Math.min(before[column], now[column - 1]));
            }
            before = now;
        }
        return before[to.length()];
    }
}
