package io.semel.verify.stress;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs jcstress in a JVM of its own and reads its verdicts. Thread rule: immutable; a run belongs to its caller. */
public final class JcstressRun {
    /** All tests of this module, by jcstress's regular expression. */
    public static final String ALL_TESTS = "io\\.semel\\.log\\..*";

    /** How a line begins that says how many configurations are planned and passed. */
    public static final String PROGRESS = "(Results:";

    /** The compiler's own shuffling of what no order binds: what the processor would never swap, it may. */
    private static final String SHUFFLE =
            "-XX:+UnlockDiagnosticVMOptions -XX:+StressLCM -XX:+StressGCM -XX:+StressIGVN -XX:+StressCCP";

    /** The verdict on a forbidden outcome. */
    static final String FAILED = "FAILED";

    private static final Pattern VERDICT = Pattern.compile("^\\.+ \\[(\\w+)\\] (\\S+)$");

    private final Path scratch;
    private final String classPath;

    public JcstressRun(Path scratch) {
        this(scratch, System.getProperty("java.class.path"));
    }

    private JcstressRun(Path scratch, String classPath) {
        this.scratch = scratch;
        this.classPath = classPath;
    }

    /** The same with other classes in front of the real ones. */
    public JcstressRun withClassesBefore(Path classes) {
        return new JcstressRun(scratch, classes + File.pathSeparator + classPath);
    }

    /**
     * Short forks, the code of each shuffled differently by the compiler: seconds a test. Actors that wait for each
     * other yield: beside other processes they meet ten times as often as when they spin.
     */
    public static List<String> quickOptions(int forks, int iterations, int iterationMs) {
        return List.of("-sc", "false", "-f", String.valueOf(forks), "-iters", String.valueOf(iterations), "-time",
                String.valueOf(iterationMs), "-spinStyle", "THREAD_YIELD", "-jvmArgs", SHUFFLE);
    }

    /** One of jcstress's own presets: minutes to hours. */
    public static List<String> presetOptions(String preset) {
        return List.of("-m", preset);
    }

    /**
     * Runs the tests that the expression selects; each line that jcstress prints goes to {@code listener}.
     *
     * @return test to verdict: OK, FAILED (a forbidden outcome was seen) or ERROR
     * @throws IOException when jcstress could not be run, or judged no test
     */
    public Map<String, String> run(String tests, List<String> options, Consumer<String> listener)
            throws IOException, InterruptedException {
        return run(tests, options, listener, Set.of());
    }

    /** As {@link #run}, and ends with the first forbidden outcome. */
    public Map<String, String> runUntilFailed(String tests, List<String> options, Consumer<String> listener)
            throws IOException, InterruptedException {
        return run(tests, options, listener, Set.of(FAILED));
    }

    private Map<String, String> run(String tests, List<String> options, Consumer<String> listener,
            Set<String> endingVerdicts) throws IOException, InterruptedException {
        Path results = Files.createTempDirectory(scratch, "results");
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString(), "-cp", classPath, "org.openjdk.jcstress.Main", "-v", "-af", "NONE", "-t", tests, "-r",
                results.toString()));
        command.addAll(options);
        Process process = new ProcessBuilder(command).directory(results.toFile()).redirectErrorStream(true).start();
        // For Ctrl-C: it would race on for hours.
        Thread stopper = new Thread(() -> stop(process));
        Runtime.getRuntime().addShutdownHook(stopper);
        process.getOutputStream().close();
        Map<String, String> verdicts = new TreeMap<>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                listener.accept(line);
                Matcher verdict = VERDICT.matcher(line);
                if (verdict.matches()) {
                    verdicts.merge(verdict.group(2), verdict.group(1), JcstressRun::worse);
                    if (endingVerdicts.contains(verdict.group(1))) {
                        break;
                    }
                }
            }
        } finally {
            stop(process);
            forget(stopper);
        }
        process.waitFor();
        if (verdicts.isEmpty()) {
            throw new IOException("jcstress judged no test: exit code " + process.exitValue() + " of " + command);
        }
        return verdicts;
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is on its way down, and runs it.
        }
    }

    /** Its forks too. */
    private static void stop(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static String worse(String one, String other) {
        return one.equals("OK") ? other : one;
    }
}
