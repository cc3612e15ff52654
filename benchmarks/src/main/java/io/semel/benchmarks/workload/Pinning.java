package io.semel.benchmarks.workload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a thread on one core, without native code: Linux names the calling thread at {@code /proc/thread-self}, and
 * {@code taskset} moves it. Two spinning threads that the scheduler moves about lose up to half of their time.
 * Stateless.
 */
final class Pinning {
    private static final Path THREAD_SELF = Path.of("/proc/thread-self");
    private static final int LIMIT_SECONDS = 10;

    private Pinning() {
    }

    /** Pins the calling thread; false where that is not possible, which the sample then says. */
    static boolean pin(int core) {
        if (Runtime.getRuntime().availableProcessors() <= core || !Files.exists(THREAD_SELF)) {
            return false;
        }
        try {
            String thread = Files.readSymbolicLink(THREAD_SELF).getFileName().toString();
            Process taskset = new ProcessBuilder(List.of("taskset", "-pc", Integer.toString(core), thread))
                    .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            return taskset.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) && taskset.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
