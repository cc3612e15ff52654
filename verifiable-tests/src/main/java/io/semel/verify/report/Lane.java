package io.semel.verify.report;

import java.util.List;
import java.util.Locale;

/**
 * What one program did, along the time.
 *
 * @param spans in the order of their beginnings
 */
public record Lane(String program, List<Span> spans, List<Mark> marks) {
    public Lane {
        spans = List.copyOf(spans);
        marks = List.copyOf(marks);
    }

    /** Something that lasts. */
    public record Span(Kind kind, long fromMs, long toMs) {
        public enum Kind {
            /** It runs. */
            ALIVE("runs"), COMMITTED("transaction, committed"), ABORTED("transaction, aborted"),
            /** The program died, or was fenced, before it was told an end. */
            UNFINISHED("transaction without an end that was told");

            private final String words;

            Kind(String words) {
                this.words = words;
            }

            public String words() {
                return words;
            }

            String label() {
                return name().toLowerCase(Locale.ROOT);
            }
        }
    }

    /** A moment. */
    public record Mark(Kind kind, long atMs, String note) {
        public enum Kind {
            REBALANCE("partitions came or went"), STALLED("stalled or hung"), FENCED("fenced"), ANOMALY("anomaly");

            private final String words;

            Kind(String words) {
                this.words = words;
            }

            public String words() {
                return words;
            }

            String label() {
                return name().toLowerCase(Locale.ROOT);
            }
        }
    }
}
