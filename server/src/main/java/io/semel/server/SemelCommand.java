package io.semel.server;

import io.semel.server.demo.DemoCommand;
import io.semel.server.dump.DumpCommand;
import io.semel.server.inspect.VerifyLogCommand;
import io.semel.server.operate.ServerCommand;
import io.semel.server.transactions.TransactionsCommand;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code ./semel}: the door to everything. */
@Command(name = "semel", sortOptions = false, synopsisSubcommandLabel = "COMMAND", header = "Semel: the log that delivers exactly once.", description = {
    "",
    "Semel keeps topics of records in a directory, as Kafka does on a server, with idempotent producers and transactions, "
            + "inside one JVM. Everything acknowledged survives kill -9; what is written exactly once is read exactly once.",
    ""}, subcommands = {DemoCommand.class, TopicsCommand.class, GroupsCommand.class, TransactionsCommand.class,
        ProduceCommand.class,
        ConsumeCommand.class, ServerCommand.class, DumpCommand.class, VerifyLogCommand.class,
        ElsewhereCommand.Verify.class,
        ElsewhereCommand.Bench.class}, footer = {
            "",
            "Begin with:",
            "  ./semel demo                                        watch exactly-once survive ten kills",
            "  ./semel topics create greetings --data /tmp/mine    make a topic, and the directory with it",
            "  echo hello | ./semel produce greetings --data /tmp/mine",
            "  ./semel consume greetings --data /tmp/mine",
            "  ./semel server --data /tmp/mine                     let Kafka's clients in",
            "  ./semel verify kills --kills 200                    try to break it",
            "",
            "Exit codes: 0 good, 1 something was lost or duplicated, 2 bad input or usage."})
public final class SemelCommand implements Runnable {
    @Option(names = {"-h",
        "--help"}, usageHelp = true, scope = ScopeType.INHERIT, description = "Show this help, or a command's.")
    private boolean help;

    @Option(names = CommandLines.DEBUG, scope = ScopeType.INHERIT, description = "Show stack traces.")
    private boolean debug;

    @Spec
    private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(newCommandLine().execute(arguments));
    }

    static CommandLine newCommandLine() {
        return CommandLines.prepare(new CommandLine(new SemelCommand()));
    }

    /** Without a command, the help. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
