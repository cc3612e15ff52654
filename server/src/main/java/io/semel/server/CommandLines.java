package io.semel.server;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

import org.apache.kafka.common.KafkaException;

import io.semel.log.CorruptLogException;
import io.semel.log.IncompatibleDirectoryException;
import io.semel.log.memory.DirectoryInUseException;
import io.semel.transactions.broker.InvalidTopicException;
import io.semel.transactions.broker.TopicExistsException;
import io.semel.transactions.broker.UnknownTopicException;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * How every command of the project fails: one clear line on standard error, and an exit code that scripts can trust.
 */
public final class CommandLines {
    public static final int GOOD = 0;
    public static final int DAMAGE = 1;
    public static final int BAD_USAGE = 2;

    static final String DEBUG = "--debug";

    private CommandLines() {
    }

    public static CommandLine prepare(CommandLine commandLine) {
        return commandLine
                .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler(CommandLines::explain)
                .setExecutionExceptionHandler((failure, failed, parsed) -> explain(failure, failed, parsed
                        .originalArgs().contains(DEBUG)))
                .setUsageHelpWidth(110)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    private static int explain(ParameterException mistake, String[] arguments) {
        CommandLine failed = mistake.getCommandLine();
        failed.getErr().println("semel: " + mistake.getMessage() + "; see '" + shown(failed) + " --help'");
        return BAD_USAGE;
    }

    private static String shown(CommandLine failed) {
        return "./" + failed.getCommandSpec().qualifiedName();
    }

    private static int explain(Exception failure, CommandLine failed, boolean debug) {
        failed.getErr().println("semel: " + sentence(failure));
        if (debug || "1".equals(System.getenv("SEMEL_DEBUG"))) {
            failure.printStackTrace(failed.getErr());
        } else if (!isUsersOrWorlds(failure)) {
            failed.getErr().println("semel: repeat it with " + DEBUG + " to see the stack trace");
        }
        return BAD_USAGE;
    }

    private static String sentence(Exception failure) {
        String message = failure.getMessage();
        if (message == null || message.isBlank()) {
            return failure.getClass().getSimpleName();
        }
        return isUsersOrWorlds(failure) ? message : failure.getClass().getSimpleName() + ": " + message;
    }

    private static boolean isUsersOrWorlds(Exception failure) {
        return failure instanceof UsageException || failure instanceof DirectoryInUseException
                || failure instanceof IncompatibleDirectoryException || failure instanceof CorruptLogException
                || failure instanceof UnknownTopicException || failure instanceof TopicExistsException
                || failure instanceof InvalidTopicException || failure instanceof KafkaException;
    }
}
