package io.semel.benchmarks.workload.semel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.semel.benchmarks.workload.Payload;
import io.semel.benchmarks.workload.Stopwatch;
import io.semel.benchmarks.workload.Workload;
import io.semel.client.Semel;
import io.semel.client.SemelAdmin.PartitionDescription;

/**
 * Another JVM fills many partitions and is killed while it holds them open; this one opens the directory by the clock.
 */
public final class OpenAfterKill implements Workload {
    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) throws Exception {
        writeAndKill(directory, operations);
        long diskBytes = sizeOf(directory);
        stopwatch.start();
        try (Semel semel = Semel.open(directory)) {
            stopwatch.stop();
            verify(semel, operations);
        }
        Map<String, Long> figures = new TreeMap<>();
        figures.put("openMs", TimeUnit.NANOSECONDS.toMillis(stopwatch.elapsedNs()));
        figures.put("partitions", (long) KilledWriter.PARTITIONS);
        figures.put("fileBytes", diskBytes);
        return figures;
    }

    private static void writeAndKill(Path directory, long records) throws IOException, InterruptedException {
        Process writer = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), KilledWriter.class.getName(), directory.toString(), Long
                        .toString(records))
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader output = new BufferedReader(new InputStreamReader(writer.getInputStream(),
                StandardCharsets.UTF_8))) {
            String line = output.readLine();
            if (!KilledWriter.DONE.equals(line)) {
                throw new IllegalStateException("the writer to be killed ended on its own: it said " + line);
            }
        } finally {
            writer.destroyForcibly().waitFor();
        }
    }

    private static void verify(Semel semel, long records) {
        long found = semel.admin().describeTopic(SemelAppend.TOPIC).partitions().stream().mapToLong(
                PartitionDescription::end).sum();
        Payload.require("records after the kill", records, found);
    }

    private static long sizeOf(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            long sum = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
            return sum;
        }
    }
}
