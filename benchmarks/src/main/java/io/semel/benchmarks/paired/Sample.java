package io.semel.benchmarks.paired;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * One timed run of one contender, as it travels from the contender's JVM on a line of its standard output.
 *
 * @param figures further ones by name, with the unit at the end of the name
 */
record Sample(long operations, long elapsedNs, Map<String, Long> figures) {
    private static final String PREFIX = "sample ";
    private static final String OPERATIONS = "operations";
    private static final String ELAPSED_NS = "elapsedNs";

    double perSecond() {
        return operations * (double) TimeUnit.SECONDS.toNanos(1) / elapsedNs;
    }

    String toLine() {
        StringBuilder line = new StringBuilder(PREFIX).append(OPERATIONS).append('=').append(operations)
                .append(' ').append(ELAPSED_NS).append('=').append(elapsedNs);
        new TreeMap<>(figures).forEach((name, value) -> line.append(' ').append(name).append('=').append(value));
        return line.toString();
    }

    /** Empty when the line is something else that a contender printed. */
    static Optional<Sample> ofLine(String line) {
        if (!line.startsWith(PREFIX)) {
            return Optional.empty();
        }
        Map<String, Long> values = new TreeMap<>();
        for (String field : line.substring(PREFIX.length()).split(" ")) {
            int equals = field.indexOf('=');
            values.put(field.substring(0, equals), Long.valueOf(field.substring(equals + 1)));
        }
        long operations = values.remove(OPERATIONS);
        long elapsedNs = values.remove(ELAPSED_NS);
        return Optional.of(new Sample(operations, elapsedNs, Map.copyOf(values)));
    }
}
