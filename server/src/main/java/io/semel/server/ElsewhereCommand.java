package io.semel.server;

import picocli.CommandLine.Command;

/** Commands that the launcher script hands to modules of their own: here only for the help. */
final class ElsewhereCommand {
    private ElsewhereCommand() {
    }

    @Command(name = "verify", header = "Tries to break the promises, and checks every record afterwards.")
    static final class Verify implements Runnable {
        @Override
        public void run() {
            throw elsewhere("verify");
        }
    }

    @Command(name = "bench", header = "Measures Semel beside its peers.")
    static final class Bench implements Runnable {
        @Override
        public void run() {
            throw elsewhere("bench");
        }
    }

    private static UsageException elsewhere(String command) {
        return new UsageException("'" + command + "' lives in a module of its own; start it by ./semel " + command
                + " in a checkout");
    }
}
