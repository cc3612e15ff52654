package io.semel.verify;

import java.io.PrintWriter;

import io.semel.server.StatusLine;
import io.semel.verify.longrun.Count;
import io.semel.verify.longrun.Reached;

/** Shows the kills on one line of a terminal, or every few seconds on a line of a file. Thread rule: one thread. */
final class KillProgressPrinter implements KillProgress {
    private final StatusLine line;
    private final int wanted;
    private final Reached reached;

    KillProgressPrinter(PrintWriter out, int wanted, Reached reached) {
        this.line = StatusLine.on(out);
        this.wanted = wanted;
        this.reached = reached;
    }

    @Override
    public void update(int kills, int recoveries, long[] counts, long anomalies) {
        reached.set(Count.KILLS, kills);
        String text = "kills %,d/%,d  recoveries %,d  copied %,d records in %,d transactions  anomalies %,d"
                .formatted(kills, wanted, recoveries, counts[0], counts[1], anomalies);
        line.update(text);
    }

    @Override
    public void say(String what) {
        line.finish();
        line.say(what + " ...");
    }
}
