package io.semel.verify;

import io.semel.server.CommandLines;
import io.semel.verify.programs.ConsumerCommand;
import io.semel.verify.programs.CopierCommand;
import io.semel.verify.programs.HistoryCommand;
import io.semel.verify.programs.ProducerCommand;
import io.semel.verify.scenarios.DecisionCommand;
import io.semel.verify.scenarios.MatrixCommand;
import io.semel.verify.scenarios.Proving;
import io.semel.verify.scenarios.ScenarioCommand;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code ./semel verify}: scenarios that try to break the promises, and check every record afterwards. */
@Command(name = "semel verify", subcommands = {KillsCommand.class,
    StressCommand.class,
    TeethCommand.class,
    EngineCommand.class,
    ProtocolCommand.class,
    DiskCommand.class,
    LibrdkafkaCommand.class,
    ClientsCommand.class,
    LongCommand.class,
    ProducerCommand.class,
    ConsumerCommand.class,
    CopierCommand.class,
    HistoryCommand.class,
    DecisionCommand.class,
    MatrixCommand.class}, header = "Tries to break Semel's promises, and checks every record afterwards.", synopsisSubcommandLabel = "SCENARIO", description = {
        "",
        "Exit codes: 0 nothing found, 1 damage found, 2 bad usage.",
        ""}, footer = {
            "",
            "Examples:",
            "  ./semel verify --list",
            "  ./semel verify kills --kills 200",
            "  ./semel verify kills --help",
            "  ./semel verify rebalance --semantics at-least-once --kills 3 --html target/rebalance.html",
            "  ./semel verify zombie --sabotage fencing                (must find damage: exit code 1)",
            "  ./semel verify matrix --histories 120",
            "  ./semel verify stress --mutants",
            "  ./semel verify teeth",
            "  ./semel verify engine --images 20000",
            "  ./semel verify protocol --lives 20000",
            "  ./semel verify disk --full-disks 20",
            "  ./semel verify librdkafka",
            "  ./semel verify clients",
            "  ./semel verify long --share 1/100",
            "  ./semel verify producer --help                          (a history by programs: also consumer, copier, history)"})
public final class VerifyMain implements Runnable {
    @Option(names = "--list", description = "List the scenarios.")
    private boolean list;

    @Option(names = {"-h", "--help"}, usageHelp = true, scope = ScopeType.INHERIT, description = "Show this help.")
    private boolean help;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show stack traces.")
    private boolean debug;

    @Spec
    private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(newCommandLine().execute(arguments));
    }

    public static CommandLine newCommandLine() {
        CommandLine commandLine = new CommandLine(new VerifyMain());
        ScenarioCommand.addTo(commandLine);
        return CommandLines.prepare(commandLine);
    }

    @Override
    public void run() {
        CommandLine commandLine = spec.commandLine();
        if (!list) {
            commandLine.usage(commandLine.getOut());
            return;
        }
        commandLine.getSubcommands().forEach((name, scenario) -> {
            commandLine.getOut().printf("%-10s %s%n", name, String.join(" ", scenario.getCommandSpec().usageMessage()
                    .header()));
            if (scenario.getCommand() instanceof Proving proof) {
                commandLine.getOut().printf("%-10s   proves %s%n", "", proof.properties());
            }
        });
        commandLine.getOut().flush();
    }
}
