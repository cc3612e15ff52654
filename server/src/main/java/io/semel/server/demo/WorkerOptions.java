package io.semel.server.demo;

import java.nio.file.Path;
import java.util.List;

import io.semel.client.DeliverySemantics;

/**
 * What the parent tells a worker.
 *
 * @param passes              how often the text is fed
 * @param lineLimit           lines of the feed that this worker may feed; it ends only when that is all of them
 * @param linesPerSecond      0 for as fast as it goes
 * @param linesPerTransaction of the feeder and of the pipeline, at most
 */
record WorkerOptions(Path directory, Path text, int passes, long lineLimit, Ending ending, double linesPerSecond,
        int linesPerTransaction, DeliverySemantics semantics) {
    /** What a worker does at its limit. */
    enum Ending {
        WAIT_TO_BE_KILLED, END_WHEN_COUNTED
    }

    List<String> toArguments() {
        return List.of(directory.toString(), text.toString(), Integer.toString(passes), Long.toString(lineLimit),
                ending.name(), Double.toString(linesPerSecond), Integer.toString(linesPerTransaction),
                semantics.name());
    }

    static WorkerOptions of(String[] arguments) {
        return new WorkerOptions(Path.of(arguments[0]), Path.of(arguments[1]), Integer.parseInt(arguments[2]),
                Long.parseLong(arguments[3]), Ending.valueOf(arguments[4]), Double.parseDouble(arguments[5]),
                Integer.parseInt(arguments[6]), DeliverySemantics.valueOf(arguments[7]));
    }
}
