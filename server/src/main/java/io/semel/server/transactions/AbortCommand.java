package io.semel.server.transactions;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
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

/** {@code semel transactions abort}. */
@Command(name = "abort", header = "Aborts what a transactional id has open, in a directory that no process has open.", description = {
    "",
    "It opens the directory, and opening ends everything that the last owner left open: what is decided is finished, the rest "
            + "aborted. So whatever else was open is ended too, and named. While a process has the directory open, that "
            + "process must do it: SemelAdmin.abortTransaction(ID).",
    ""}, footer = {
        "",
        "Examples:",
        "  ./semel transactions abort copier-0 --data /tmp/mine"})
final class AbortCommand implements Callable<Integer> {
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
        List<FoundTransaction> before = before();
        try (Semel semel = data.open()) {
            // Opening leaves open what is prepared.
            if (semel.admin().describeTransaction(id).summary().isOpen()) {
                semel.admin().abortTransaction(id);
            }
        } catch (DirectoryInUseException e) {
            throw inUse(e);
        }
        before.forEach(this::report);
        spec.commandLine().getOut().flush();
        return CommandLines.GOOD;
    }

    /** What is open, the one that is asked for among it. */
    private List<FoundTransaction> before() throws IOException {
        DirectoryLook look;
        try {
            look = new LookOption().look(data.path());
        } catch (UsageException e) {
            throw e.getCause() instanceof DirectoryInUseException inUse ? inUse(inUse) : e;
        }
        FoundTransaction asked = TransactionsCommand.find(look, id, data.path());
        if (!asked.isOpen() && !asked.isPrepared()) {
            throw new UsageException("nothing to abort: transactional id " + id + " has nothing open, it is " + asked
                    .state());
        }
        if (asked.isCommitDecided()) {
            throw new UsageException("too late to abort: the commit of " + id + " is decided; the next opening of "
                    + data.path() + " finishes it");
        }
        return look.transactions().stream().filter(each -> each.isOpen() && (!each.isPrepared()
                || each.equals(asked))).toList();
    }

    private UsageException inUse(DirectoryInUseException e) {
        return new UsageException(e.getMessage() + ", or have that process call SemelAdmin.abortTransaction(\"" + id
                + "\"); './semel transactions describe " + id + " --data " + data.path()
                + " --live' says when it times out", e);
    }

    private void report(FoundTransaction ended) {
        PrintWriter out = spec.commandLine().getOut();
        String did = ended.isCommitDecided() ? "committed" : "aborted";
        boolean asked = ended.transactionalId().equals(id);
        if (output.isJson()) {
            out.println(ended.ended(did).with("asked", asked).json());
        } else {
            out.println((asked ? did : "by opening the directory, also " + did) + " " + ended.name() + ": " + ended
                    .where());
        }
    }
}
