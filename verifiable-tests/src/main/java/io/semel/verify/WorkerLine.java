package io.semel.verify;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A line that a worker reports: a word, then what belongs to it.
 *
 * <pre>
 *   READY     transactions finished, transactions aborted by recovery
 *   PROGRESS  the counts of {@link Tally}
 *   ANOMALY   what the engine answered
 *   DONE
 * </pre>
 */
record WorkerLine(Kind kind, String rest) {
    enum Kind {
        READY, PROGRESS, ANOMALY, DONE
    }

    static WorkerLine of(Kind kind, long... counts) {
        return new WorkerLine(kind, Arrays.stream(counts).mapToObj(Long::toString).collect(Collectors.joining(" ")));
    }

    /** A line may be cut short by the kill, or come from a library: then it is none of ours, and null. */
    static WorkerLine parse(String line) {
        for (Kind kind : Kind.values()) {
            if (line.startsWith(kind.name() + ' ') && line.endsWith(" .")) {
                return new WorkerLine(kind, line.substring(kind.name().length() + 1, line.length() - 2).strip());
            }
        }
        return null;
    }

    long[] counts() {
        return rest.isEmpty() ? new long[0] : Arrays.stream(rest.split(" ")).mapToLong(Long::parseLong).toArray();
    }

    /** Ends in a full stop, so that a line which was cut short is recognised. */
    @Override
    public String toString() {
        return kind + " " + rest.replace('\n', ' ') + " .";
    }
}
