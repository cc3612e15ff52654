package io.semel.verify.programs;

import java.io.IOException;
import java.nio.file.Path;

import io.semel.client.Semel;
import io.semel.server.ScratchDirectory;
import io.semel.server.UsageException;

import picocli.CommandLine.Option;

/** What every program lets one choose: where it works, and how much. One process at a time has a directory open. */
final class ProgramOptions {
    private static final int MAX_PARTITIONS = 1_000;

    @Option(names = "--data", paramLabel = "DIR", required = true, description = "Semel's directory; made if it is missing. One program at a time can have it open.")
    private Path data;

    @Option(names = "--partitions", paramLabel = "N", defaultValue = "3", description = "Of a topic that is missing, and is made (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(names = "--max-messages", paramLabel = "N", defaultValue = "-1", description = "Records to send, to take or to copy, each member; -1: no limit (default: ${DEFAULT-VALUE}).")
    private long maxMessages;

    long maxMessages() {
        return maxMessages;
    }

    Semel open() throws IOException {
        UsageException.requireInRange("--max-messages", maxMessages, -1, Long.MAX_VALUE);
        UsageException.requireInRange("--partitions", partitions, 1, MAX_PARTITIONS);
        try (ScratchDirectory checked = ScratchDirectory.open(data, "semel-verify")) {
            return Semel.open(checked.path());
        }
    }

    void createIfMissing(Semel semel, String topic) {
        if (!semel.admin().hasTopic(topic)) {
            semel.admin().createTopic(topic, partitions);
        }
    }
}
