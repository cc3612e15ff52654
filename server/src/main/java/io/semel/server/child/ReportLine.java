package io.semel.server.child;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A line by which a worker reports: {@code @KIND what belongs to it .}. The sign before it tells it from what a library
 * may print, the full stop after it from a line that the kill cut short.
 */
public record ReportLine(String kind, String rest) {
    private static final String BEGIN = "@";
    private static final String END = " .";

    public static ReportLine of(Enum<?> kind, String rest) {
        return new ReportLine(kind.name(), rest.replace('\n', ' '));
    }

    public static ReportLine of(Enum<?> kind, long... counts) {
        return of(kind, Arrays.stream(counts).mapToObj(Long::toString).collect(Collectors.joining(" ")));
    }

    /** Empty when the line is no whole report. */
    public static Optional<ReportLine> parse(String line) {
        if (!line.startsWith(BEGIN) || !line.endsWith(END)) {
            return Optional.empty();
        }
        String body = line.substring(BEGIN.length(), line.length() - END.length()).strip();
        int space = body.indexOf(' ');
        return Optional.of(space < 0
                ? new ReportLine(body, "")
                : new ReportLine(body.substring(0, space), body.substring(space + 1)));
    }

    public <K extends Enum<K>> K kindIn(Class<K> kinds) {
        return Enum.valueOf(kinds, kind);
    }

    public long[] counts() {
        return rest.isEmpty() ? new long[0] : Arrays.stream(rest.split(" ")).mapToLong(Long::parseLong).toArray();
    }

    /** Prints the line as one piece, whatever other threads print. */
    public void say() {
        synchronized (ReportLine.class) {
            System.out.println(this);
            System.out.flush();
        }
    }

    @Override
    public String toString() {
        return BEGIN + kind + ' ' + rest + END;
    }
}
