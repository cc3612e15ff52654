package io.semel.verify.scenarios;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.semel.verify.programs.EventLine;
import io.semel.verify.report.Lane;
import io.semel.verify.report.Lane.Mark;
import io.semel.verify.report.Lane.Span;
import io.semel.verify.scenarios.worker.Told;

/**
 * Makes lanes of the lines that programs print: who lived when, which transactions came to which end.
 *
 * <p>Thread rule: one thread at a time.
 */
final class Chronicle {
    /** One program, over all its lives. */
    private static final class Track {
        private static final long NOT = -1;

        private final List<Span> spans = new ArrayList<>();
        private final List<Mark> marks = new ArrayList<>();
        private long bornMs = NOT;
        private long begunMs = NOT;

        void begin(long atMs) {
            end(atMs);
            bornMs = atMs;
        }

        /** It shut down or died; a transaction that is open then had no end. */
        void end(long atMs) {
            endTransaction(Span.Kind.UNFINISHED, atMs);
            if (bornMs != NOT) {
                spans.add(new Span(Span.Kind.ALIVE, bornMs, atMs));
                bornMs = NOT;
            }
        }

        void beginTransaction(long atMs) {
            begunMs = atMs;
        }

        void endTransaction(Span.Kind as, long atMs) {
            if (begunMs != NOT) {
                spans.add(new Span(as, begunMs, atMs));
                begunMs = NOT;
            }
        }

        boolean isAlive() {
            return bornMs != NOT;
        }
    }

    private final Map<String, Track> tracks = new LinkedHashMap<>();
    private final List<Long> killsMs = new ArrayList<>();
    private long lastMs;

    void take(EventLine line) {
        String program = line.text(EventLine.PROCESS);
        lastMs = Math.max(lastMs, atMs(line));
        if (program.isEmpty()) {
            return;
        }
        Track track = tracks.computeIfAbsent(program, name -> new Track());
        long atMs = atMs(line);
        switch (line.name()) {
            case EventLine.STARTUP_COMPLETE -> track.begin(atMs);
            case EventLine.SHUTDOWN_COMPLETE -> track.end(atMs);
            case EventLine.TRANSACTION_BEGUN -> track.beginTransaction(atMs);
            case EventLine.TRANSACTION_COMMITTED -> track.endTransaction(Span.Kind.COMMITTED, atMs);
            case EventLine.TRANSACTION_ABORTED -> track.endTransaction(Span.Kind.ABORTED, atMs);
            case EventLine.TRANSACTION_UNKNOWN -> track.endTransaction(Span.Kind.UNFINISHED, atMs);
            case EventLine.PARTITIONS_ASSIGNED -> track.marks.add(new Mark(Mark.Kind.REBALANCE, atMs, String.join(", ",
                    line.partitions())));
            case Told.STALLED -> track.marks.add(new Mark(Mark.Kind.STALLED, atMs, ""));
            case Told.FENCED -> track.marks.add(new Mark(Mark.Kind.FENCED, atMs, ""));
            default -> {
                // Records make no picture.
            }
        }
    }

    private static long atMs(EventLine line) {
        return line.number("timestamp", 0);
    }

    void killed(long atMs) {
        killsMs.add(atMs);
        lastMs = Math.max(lastMs, atMs);
        tracks.values().forEach(track -> track.end(atMs));
    }

    /** @param program as evidence names it, with its file before and its life behind */
    void anomaly(String program, long atMs, String what) {
        String plain = program.substring(program.indexOf(':') + 1).replaceFirst("#\\d+$", "");
        Track track = tracks.get(plain);
        if (track != null && atMs > 0) {
            track.marks.add(new Mark(Mark.Kind.ANOMALY, atMs, what));
        }
    }

    List<String> alive() {
        return tracks.entrySet().stream().filter(each -> each.getValue().isAlive()).map(Map.Entry::getKey).toList();
    }

    List<Long> killsMs() {
        return killsMs;
    }

    /** By name; whoever still lives, lives to the last line. Who only looks through it all at the end has no lane. */
    List<Lane> lanes() {
        tracks.values().forEach(track -> track.end(lastMs));
        return tracks.entrySet().stream().filter(each -> !each.getValue().spans.isEmpty()).sorted(Map.Entry
                .comparingByKey()).map(each -> new Lane(each.getKey(), each.getValue().spans, each.getValue().marks))
                .toList();
    }
}
