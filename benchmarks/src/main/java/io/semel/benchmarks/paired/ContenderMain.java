package io.semel.benchmarks.paired;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import io.semel.benchmarks.workload.Stopwatch;
import io.semel.benchmarks.workload.Workload;
import io.semel.log.memory.FileDisk;

/**
 * The main class of a contender's JVM: warms up, runs once against the clock, prints a {@link Sample}. Asked for a
 * profile, it runs for a while under the flight recorder instead and prints where the time went.
 */
final class ContenderMain {
    /** What the JVM is started for. */
    enum Task {
        MEASURE, PROFILE
    }

    /** One run compiles the loops, the next one finds out what they assumed too early. */
    private static final int FEWEST_WARM_UPS = 2;

    /** Profiled inside of the clock. */
    private static final Duration PROFILED_TIME = Duration.ofSeconds(3);

    /** Profiling ends after this much, however little of it was inside of the clock. */
    private static final Duration PROFILE_LIMIT = Duration.ofSeconds(15);

    private final Workload workload;
    private final Path directory;
    private int runs;

    private ContenderMain(Workload workload, Path directory) {
        this.workload = workload;
        this.directory = directory;
    }

    public static void main(String[] args) throws Exception {
        Task task = Task.valueOf(args[0]);
        Contender contender = Contender.ofId(args[1]);
        long operations = Long.parseLong(args[2]);
        long warmUpOperations = Long.parseLong(args[3]);
        Duration warmUp = Duration.parse(args[4]);
        ContenderMain main = new ContenderMain(contender.workload(), Path.of(args[5]));
        if (warmUpOperations > 0) {
            main.warmUp(warmUpOperations, warmUp);
        }
        switch (task) {
            case MEASURE -> main.measure(operations);
            case PROFILE -> main.profile(operations);
        }
        // Threads that a peer leaves behind, some for a minute, are not waited for.
        System.out.flush();
        System.exit(0);
    }

    private void warmUp(long operations, Duration warmUp) throws Exception {
        long endNs = System.nanoTime() + warmUp.toNanos();
        for (int i = 0; i < FEWEST_WARM_UPS || System.nanoTime() < endNs; i++) {
            run(operations, new Stopwatch());
        }
    }

    private void measure(long operations) throws Exception {
        Stopwatch stopwatch = new Stopwatch();
        Map<String, Long> figures = run(operations, stopwatch);
        System.out.println(new Sample(operations, stopwatch.elapsedNs(), figures).toLine());
    }

    private void profile(long operations) throws Exception {
        Stopwatch stopwatch = new Stopwatch();
        long endNs = System.nanoTime() + PROFILE_LIMIT.toNanos();
        try (Profile profile = Profile.start()) {
            do {
                run(operations, stopwatch);
            } while (stopwatch.elapsedNs() < PROFILED_TIME.toNanos() && System.nanoTime() < endNs);
            profile.stop(directory.resolve("profile.jfr"), stopwatch.windows())
                    .forEach(line -> System.out.println(line.toLine()));
        }
    }

    private Map<String, Long> run(long operations, Stopwatch stopwatch) throws Exception {
        Path runDirectory = directory.resolve("run-" + runs++);
        Files.createDirectories(runDirectory);
        try {
            return workload.run(runDirectory, operations, stopwatch);
        } finally {
            delete(runDirectory);
        }
    }

    private static void delete(Path runDirectory) throws IOException {
        FileDisk.instance().delete(runDirectory);
    }
}
