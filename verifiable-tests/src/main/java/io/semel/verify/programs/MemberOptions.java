package io.semel.verify.programs;

import io.semel.server.UsageException;

import picocli.CommandLine.Option;

/** What programs that are members of a group let one choose beside {@link ProgramOptions}. */
final class MemberOptions {
    @Option(names = "--members", paramLabel = "N", defaultValue = "1", description = "Members of the group, a thread each (default: ${DEFAULT-VALUE}).")
    private int members;

    @Option(names = "--verbose", description = "Print each record, and of a copier each end of a transaction: './semel verify history' needs it.")
    private boolean verbose;

    void check() {
        UsageException.requireInRange("--members", members, 1, Members.MOST);
    }

    int count() {
        return members;
    }

    /** Of one among {@link #count()}: empty when it is alone, and its lines need no name. */
    String shown(String name) {
        return members == 1 ? "" : name;
    }

    boolean tellsRecords() {
        return verbose;
    }
}
