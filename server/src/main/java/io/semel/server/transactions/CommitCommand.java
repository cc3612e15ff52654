package io.semel.server.transactions;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;

import io.semel.client.Semel;
import io.semel.log.memory.DirectoryInUseException;
import io.semel.server.CommandLines;
import io.semel.server.DataOption;
import io.semel.server.OutputOption;
import io.semel.server.UsageException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code semel transactions commit}. */
@Command(name = "commit", header = "Commits what a transactional id has prepared, in a directory that no process has open.", description = {
    "",
    "For an owner that does not come back, when the system that decides has committed. It opens the directory, which aborts "
            + "whatever else was left open and is not prepared. While a process has the directory open, that process must do "
            + "it: SemelAdmin.commitTransaction(ID).",
    ""}, footer = {
        "",
        "Examples:",
        "  ./semel transactions commit payments --data /tmp/mine"})
final class CommitCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ID", description = "The transactional id.")
    private String id;

    @Mixin
    private DataOption data;

    @Mixin
    private OutputOption output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        FoundTransaction prepared = before();
        try (Semel semel = data.open()) {
            semel.admin().commitTransaction(id);
        } catch (DirectoryInUseException e) {
            throw inUse(e);
        }
        report(prepared);
        return CommandLines.GOOD;
    }

    private FoundTransaction before() throws IOException {
        FoundTransaction asked;
        try {
            asked = TransactionsCommand.find(new LookOption().look(data.path()), id, data.path());
        } catch (UsageException e) {
            throw e.getCause() instanceof DirectoryInUseException inUse ? inUse(inUse) : e;
        }
        if (!asked.isPrepared()) {
            throw new UsageException("nothing to commit: transactional id " + id + " has nothing prepared, it is "
                    + asked.state());
        }
        return asked;
    }

    private UsageException inUse(DirectoryInUseException e) {
        return new UsageException(e.getMessage() + ", or have that process call SemelAdmin.commitTransaction(\"" + id
                + "\")", e);
    }

    private void report(FoundTransaction ended) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(output.isJson() ? ended.ended("committed").json() : "committed " + ended.name() + ": " + ended
                .where());
        out.flush();
    }
}
