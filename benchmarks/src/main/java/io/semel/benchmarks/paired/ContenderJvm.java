package io.semel.benchmarks.paired;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.semel.benchmarks.paired.ContenderMain.Task;
import io.semel.log.memory.FileDisk;

/** Runs one contender once, in a fresh JVM, so that no compilation luck lasts. Thread rule: one thread. */
final class ContenderJvm {
    /** A contender that takes longer hangs: the longest run that anybody asks for writes a few GB. */
    private static final Duration LIMIT = Duration.ofMinutes(15);

    /** The same for all, whoever logs: a warning about a missing logger is none of our business. */
    private static final List<String> COMMON_FLAGS = List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=error");

    /** Frames in the middle of inlined code are seen only with these. */
    private static final List<String> PROFILE_FLAGS = List.of("-XX:+UnlockDiagnosticVMOptions",
            "-XX:+DebugNonSafepoints");

    private final Settings settings;

    ContenderJvm(Settings settings) {
        this.settings = settings;
    }

    Sample measure(Contender contender) throws IOException, InterruptedException {
        return run(contender, Task.MEASURE).stream().flatMap(line -> Sample.ofLine(line).stream()).findFirst()
                .orElseThrow(() -> new ContenderFailedException(contender, "it printed no sample"));
    }

    List<ProfileLine> profile(Contender contender) throws IOException, InterruptedException {
        return run(contender, Task.PROFILE).stream().flatMap(line -> ProfileLine.ofLine(line).stream()).toList();
    }

    private List<String> run(Contender contender, Task task) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(settings.directory(), "bench-");
        Process process = null;
        Thread killer = null;
        try {
            Path output = directory.resolve("output");
            Path errors = directory.resolve("errors");
            process = new ProcessBuilder(command(contender, task, directory))
                    .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
            killer = killerOf(process);
            Runtime.getRuntime().addShutdownHook(killer);
            require(process, contender, errors);
            return Files.readAllLines(output);
        } finally {
            if (process != null) {
                process.destroyForcibly().waitFor();
            }
            removeHook(killer);
            FileDisk.instance().delete(directory);
        }
    }

    /** Whoever interrupts the harness must not be left with a busy JVM. */
    private static Thread killerOf(Process process) {
        return new Thread(process::destroyForcibly, "contender-killer");
    }

    private static void removeHook(Thread hook) {
        if (hook == null) {
            return;
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is on its way out, and the hook does what it is there for.
        }
    }

    private static void require(Process process, Contender contender, Path errors) throws IOException,
            InterruptedException {
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new ContenderFailedException(contender, "it did not end within " + LIMIT);
        }
        if (process.exitValue() != 0) {
            throw new ContenderFailedException(contender, "exit code " + process.exitValue() + ":\n" + Files.readString(
                    errors));
        }
    }

    private List<String> command(Contender contender, Task task, Path directory) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flagsOf(contender));
        if (task == Task.PROFILE) {
            command.addAll(PROFILE_FLAGS);
        }
        Volume volume = contender.volume();
        command.addAll(List.of("-cp", contender.side().classPath(), ContenderMain.class.getName(), task.name(),
                contender.id(), Long.toString(volume.operations(settings.amounts())), Long.toString(volume
                        .warmUpOperations(settings.amounts())), settings.warmUp().toString(), directory.toString()));
        return command;
    }

    static List<String> flagsOf(Contender contender) {
        List<String> flags = new ArrayList<>(COMMON_FLAGS);
        flags.addAll(contender.jvmFlags());
        return flags;
    }
}
