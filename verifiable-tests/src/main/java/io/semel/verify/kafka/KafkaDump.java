package io.semel.verify.kafka;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Kafka's own dump tool over segment files and their indexes, in a child JVM. Stateless. */
public final class KafkaDump {
    private static final long LIMIT_MS = 120_000;

    /** The dump of what a test writes; more would be no test's share. */
    private static final int LINES_KEPT = 1 << 20;

    private KafkaDump() {
    }

    /**
     * Every batch and record of the segments, with the data. What the tool finds wrong stands among the lines.
     *
     * @param files segments ({@code .log}) and side files; their names tell the tool what they are
     */
    public static List<String> dump(List<Path> files) throws IOException, InterruptedException {
        return run(files, List.of("--deep-iteration", "--print-data-log"));
    }

    /** Compares indexes with the segments beside them; says nothing of a sound one but its name. */
    public static List<String> verifyIndexes(List<Path> files) throws IOException, InterruptedException {
        return run(files, List.of("--verify-index-only"));
    }

    private static List<String> run(List<Path> files, List<String> options) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(options);
        arguments.add("--files");
        arguments.add(files.stream().map(Path::toString).collect(Collectors.joining(",")));
        try (KafkaProcess tool = KafkaProcess.start(KafkaClassPath.TOOLS,
                "org.apache.kafka.tools.DumpLogSegments", arguments, LINES_KEPT, "")) {
            return tool.awaitSuccess(LIMIT_MS);
        }
    }
}
