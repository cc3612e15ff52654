package io.semel.verify;

import java.nio.file.Path;
import java.util.List;

import io.semel.verify.scenarios.worker.Sabotage;

/**
 * What the supervisor tells a worker.
 *
 * @param seed   of this worker alone
 * @param finish whether to feed nothing more, and to end when the copy is complete
 */
record WorkerOptions(Path directory, int members, int partitions, long seed, Sabotage sabotage, boolean finish,
        Tale tale) {
    List<String> toArguments() {
        return List.of(directory.toString(), Integer.toString(members), Integer.toString(partitions),
                Long.toString(seed), sabotage.name(), Boolean.toString(finish), tale.name());
    }

    static WorkerOptions of(String[] arguments) {
        return new WorkerOptions(Path.of(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]),
                Long.parseLong(arguments[3]), Sabotage.valueOf(arguments[4]), Boolean.parseBoolean(arguments[5]),
                Tale.valueOf(arguments[6]));
    }
}
