package io.semel.verify.longrun;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.semel.server.CommandLines;

import picocli.CommandLine;

/**
 * A part, waiting, under way or done.
 *
 * <p>Thread rule: one thread runs it; any thread may ask how far it is.
 */
final class PartRun {
    private final Part part;
    /** Those that were begun, in order. */
    private final List<Reached> begun = new ArrayList<>();
    private Verdict verdict = Verdict.NOT_BEGUN;
    private String reason = "";
    private List<String> lastCommand = List.of();
    private long startNs;
    private long elapsedNs;

    PartRun(Part part) {
        this.part = part;
    }

    Part part() {
        return part;
    }

    /** Until the first command that finds something, or can't run. */
    void run(Supplier<CommandLine> scenarios) {
        begin();
        LastWords errors = new LastWords();
        int code = CommandLines.GOOD;
        for (int index = 0; index < part.commands().size() && code == CommandLines.GOOD; index++) {
            code = execute(part.commands().get(index), scenarios.get(), errors);
        }
        end(code, errors.last());
    }

    private synchronized void begin() {
        startNs = System.nanoTime();
        verdict = Verdict.INTERRUPTED;
    }

    private int execute(List<String> command, CommandLine scenarios, LastWords errors) {
        Counting scenario = scenarios.getSubcommands().get(command.get(0)).getCommand();
        begun(command, scenario.reached());
        scenarios.getOut().println("$ ./semel verify " + String.join(" ", command));
        scenarios.getOut().flush();
        return scenarios.setErr(errors.after(scenarios.getErr())).execute(command.toArray(String[]::new));
    }

    private synchronized void begun(List<String> command, Reached reached) {
        lastCommand = command;
        begun.add(reached);
    }

    private synchronized void end(int code, String lastWords) {
        elapsedNs = System.nanoTime() - startNs;
        verdict = switch (code) {
            case CommandLines.GOOD -> Verdict.HELD;
            case CommandLines.DAMAGE -> Verdict.BROKEN;
            default -> Verdict.NOT_PROVED;
        };
        reason = verdict == Verdict.NOT_PROVED ? lastWords : "";
        for (Goal goal : part.goals()) {
            if (verdict == Verdict.HELD && reached(goal.what()) < goal.least()) {
                verdict = Verdict.NOT_PROVED;
                reason = goal.what().words().strip() + ": only " + reached(goal.what()) + " of " + goal.least();
            }
        }
    }

    synchronized Verdict verdict() {
        return verdict;
    }

    /** Why nothing is proved; empty when something is. */
    synchronized String reason() {
        return reason;
    }

    synchronized String lastCommand() {
        return "./semel verify " + String.join(" ", lastCommand);
    }

    synchronized long reached(Count what) {
        return begun.stream().mapToLong(each -> each.of(what)).sum();
    }

    synchronized long elapsedSeconds() {
        long ns = verdict == Verdict.INTERRUPTED ? System.nanoTime() - startNs : elapsedNs;
        return ns / 1_000_000_000L;
    }
}
