package io.semel.verify.longrun;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.Supplier;

import io.semel.server.CommandLines;
import io.semel.server.UsageException;

import picocli.CommandLine;

/**
 * Runs parts in their order, whatever becomes of each, and tells at the end how far all are; at once when interrupted.
 *
 * <p>Thread rule: one thread runs it, once; any may interrupt.
 */
public final class LongRun {
    private final List<PartRun> runs;
    private final Supplier<CommandLine> scenarios;
    private final LongReport report;
    /** The last word is spoken. What parts come to after an interruption they come to because of it. */
    private boolean over;

    /** @param scenarios a new command line of the scenarios each time, which writes where the run is to write */
    public LongRun(LongPlan plan, Supplier<CommandLine> scenarios, PrintWriter out) {
        this.runs = plan.parts().stream().map(PartRun::new).toList();
        this.scenarios = scenarios;
        this.report = new LongReport(plan, runs, Commit.here(), out);
    }

    /**
     * @return an exit code: 1 when a part found something, else 2 when one proved nothing, else 0
     * @throws UsageException before the first part, when the file for the result can't be written
     */
    public int run() {
        report.prepare();
        // For Ctrl-C; at any other end it finds the run over.
        Runtime.getRuntime().addShutdownHook(new Thread(this::interrupt));
        for (int index = 0; index < runs.size() && begins(index); index++) {
            runs.get(index).run(scenarios);
            ended(runs.get(index));
        }
        finish();
        return exitCode();
    }

    private synchronized boolean begins(int index) {
        if (!over) {
            report.begin(index);
        }
        return !over;
    }

    private synchronized void ended(PartRun run) {
        if (!over) {
            report.end(run);
        }
    }

    private synchronized void finish() {
        if (!over) {
            over = true;
            report.print();
        }
    }

    /** Tells what there is. The part under way is not stopped by this; none is begun after it. */
    public void interrupt() {
        finish();
    }

    private int exitCode() {
        int code = CommandLines.GOOD;
        for (PartRun run : runs) {
            if (run.verdict() == Verdict.BROKEN) {
                return CommandLines.DAMAGE;
            }
            code = run.verdict() == Verdict.HELD ? code : CommandLines.BAD_USAGE;
        }
        return code;
    }
}
