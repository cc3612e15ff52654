package io.semel.server.operate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.semel.server.SemelCommand;
import io.semel.server.child.ChildJvm;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** {@code semel server} in a JVM of its own, and what it printed. */
final class ServerChild implements AutoCloseable {
    static final long PATIENCE_SECONDS = 90;

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final ChildJvm jvm;

    private ServerChild(List<String> jvmOptions, String classPath, List<String> arguments) throws IOException {
        jvm = ChildJvm.start(jvmOptions, classPath, Main.class, arguments, lines::add);
    }

    /** Is gone with the test, whatever becomes of that. Its errors are on its standard output, too. */
    static final class Main {
        private Main() {
        }

        public static void main(String[] arguments) {
            ChildJvm.dieWithParent();
            System.setErr(System.out);
            SemelCommand.main(arguments);
        }
    }

    static ServerChild start(String... arguments) throws IOException {
        return start(List.of(), System.getProperty("java.class.path"), arguments);
    }

    static ServerChild start(List<String> jvmOptions, String classPath, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("server"));
        all.addAll(List.of(arguments));
        return new ServerChild(jvmOptions, classPath, all);
    }

    ChildJvm jvm() {
        return jvm;
    }

    /** Waits for a line that begins so; those before it are let go. */
    String line(String beginning) throws InterruptedException {
        List<String> others = new ArrayList<>();
        while (true) {
            String next = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertTrue(next != null, () -> "no line begins with '" + beginning + "', there were " + others);
            if (next.startsWith(beginning)) {
                return next;
            }
            others.add(next);
        }
    }

    /** Every line that nobody has waited for. */
    List<String> rest() {
        List<String> all = new ArrayList<>();
        lines.drainTo(all);
        return all;
    }

    /** The value of {@code name=value} in a line. */
    static String field(String line, String name) {
        for (String word : line.split(" ")) {
            if (word.startsWith(name + '=')) {
                return word.substring(name.length() + 1).replace("\"", "");
            }
        }
        throw new AssertionError("no " + name + " in: " + line);
    }

    /** SIGTERM. */
    void terminate() {
        assertTrue(ProcessHandle.of(jvm.pid()).orElseThrow().destroy(), "no signal could be sent");
    }

    @Override
    public void close() {
        jvm.close();
    }
}
