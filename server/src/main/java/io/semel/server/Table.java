package io.semel.server;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Names to the left, values to the right, in columns as wide as needed. Thread rule: one thread. */
public final class Table {
    private final List<String[]> rows = new ArrayList<>();

    public Table row(String name, long... values) {
        String[] cells = new String[values.length];
        for (int index = 0; index < values.length; index++) {
            cells[index] = number(values[index]);
        }
        return row(name, cells);
    }

    public Table row(String name, String... values) {
        String[] row = new String[values.length + 1];
        row[0] = name;
        System.arraycopy(values, 0, row, 1, values.length);
        rows.add(row);
        return this;
    }

    /** A count as the table shows it. */
    public static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    public void print(PrintWriter out) {
        List<Integer> widths = widths();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder("  ").append(row[0]);
            line.append(" ".repeat(widths.get(0) - row[0].length()));
            for (int column = 1; column < row.length; column++) {
                line.append("  ").append(" ".repeat(widths.get(column) - row[column].length())).append(row[column]);
            }
            out.println(line);
        }
        out.flush();
    }

    private List<Integer> widths() {
        List<Integer> widths = new ArrayList<>();
        for (String[] row : rows) {
            for (int column = 0; column < row.length; column++) {
                if (column == widths.size()) {
                    widths.add(0);
                }
                widths.set(column, Math.max(widths.get(column), row[column].length()));
            }
        }
        return widths;
    }
}
