package io.semel.verify.longrun;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.server.CommandLines;
import io.semel.server.UsageException;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LongRunTest {
    private static final long TIMEOUT_SECONDS = 60;

    @TempDir
    private Path scratch;

    private final StringWriter out = new StringWriter();
    private final CountDownLatch waits = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    /** Kills as many as it is told to, and ends as it is told to. */
    @Command(name = "made-up")
    private final class MadeUp implements Callable<Integer>, Counting {
        @Option(names = "--kills")
        private long kills;
        @Option(names = "--ends")
        private String ends;

        private final Reached reached = new Reached();

        @Override
        public Reached reached() {
            return reached;
        }

        @Override
        public Integer call() throws Exception {
            reached.set(Count.KILLS, kills);
            return switch (ends) {
                case "good" -> 0;
                case "damage" -> 1;
                case "waits" -> {
                    waits.countDown();
                    assertTrue(released.await(TIMEOUT_SECONDS, TimeUnit.SECONDS));
                    yield 1;
                }
                case "file-gone" -> {
                    Files.delete(json());
                    Files.createDirectories(json().resolve("in-its-place"));
                    yield 0;
                }
                case "broken-harness" -> throw new IllegalStateException("a thread ended early");
                default -> throw new UsageException("no disk can be mounted here");
            };
        }
    }

    private static Part part(String name, long wanted, String... commands) {
        return new Part(name, List.of(new Goal("L1", Count.KILLS, 100, wanted)), List.of(commands).stream()
                .map(command -> List.of(("made-up " + command).split(" "))).toList());
    }

    private LongRun longRun(Part... parts) {
        return longRun(Optional.empty(), parts);
    }

    private LongRun longRun(Optional<Path> json, Part... parts) {
        PrintWriter printer = new PrintWriter(out, true);
        return new LongRun(new LongPlan(List.of(parts), List.of(), 7, json), () -> CommandLines.prepare(
                new CommandLine(new Top()).addSubcommand(new MadeUp())).setOut(printer).setErr(printer), printer);
    }

    @Command(name = "top")
    private static final class Top {
    }

    @Test
    void aPartIsTheSumOfItsCommands() {
        int code = longRun(part("sum", 5, "--kills 2 --ends good", "--kills 3 --ends good")).run();
        assertEquals(0, code, out::toString);
        assertTrue(row("sum").matches(".* 100 +5 +5 .* held"), out::toString);
    }

    @Test
    void whatCanNotRunIsNotProvedAndTheOthersRun() {
        int code = longRun(part("first", 1, "--kills 0 --ends nowhere"), part("second", 1, "--kills 1 --ends good"))
                .run();
        assertEquals(2, code, out::toString);
        assertTrue(row("first").endsWith("NOT PROVED"), out::toString);
        assertTrue(out.toString().contains("NOT PROVED first: semel: no disk can be mounted here"), out::toString);
        assertTrue(row("second").endsWith("held"), out::toString);
    }

    @Test
    void aHarnessThatBreaksProvesNothing() {
        assertEquals(2, longRun(part("only", 1, "--kills 1 --ends broken-harness")).run(), out::toString);
        assertTrue(row("only").endsWith("NOT PROVED"), out::toString);
    }

    @Test
    void damageOutweighsWhatCouldNotRunAndEndsItsPart() {
        int code = longRun(part("bad", 9, "--kills 4 --ends damage", "--kills 5 --ends good"), part("nowhere", 1,
                "--ends nowhere")).run();
        assertEquals(1, code, out::toString);
        assertTrue(row("bad").contains(" 4 ") && row("bad").endsWith("BROKEN"), out::toString);
    }

    @Test
    void lessThanWasAskedForIsNotProved() {
        assertEquals(2, longRun(part("short", 5, "--kills 4 --ends good")).run());
        assertTrue(out.toString().contains("NOT PROVED short: processes killed: only 4 of 5"), out::toString);
    }

    @Test
    void aLongRunIsOneThatReachedEveryCount() {
        assertEquals(0, longRun(part("whole", 100, "--kills 100 --ends good")).run());
        assertTrue(out.toString().contains("every count of a long run was reached"), out::toString);
    }

    @Test
    void anInterruptionTellsWhatThereIsAndBeginsNothingMore() throws Exception {
        LongRun run = longRun(part("done", 1, "--kills 1 --ends good"), part("under-way", 9, "--kills 4 --ends waits"),
                part("later", 1, "--kills 1 --ends good"));
        FutureTask<Integer> ran = new FutureTask<>(run::run);
        new Thread(ran).start();
        assertTrue(waits.await(TIMEOUT_SECONDS, TimeUnit.SECONDS));
        run.interrupt();
        String told = out.toString();
        released.countDown();
        assertEquals(1, ran.get(TIMEOUT_SECONDS, TimeUnit.SECONDS));
        assertEquals(told, out.toString());
        assertTrue(row("done").endsWith("held"), told);
        assertTrue(row("under-way").endsWith("interrupted"), told);
        assertTrue(row("later").endsWith("not begun"), told);
        assertFalse(told.contains("every count of a long run"), told);
    }

    @Test
    void aFileThatCanNotBeWrittenIsToldBeforeTheFirstPart() throws Exception {
        Path file = Files.createFile(scratch.resolve("file"));
        LongRun run = longRun(Optional.of(file.resolve("long.json")), part("never", 1, "--kills 1 --ends good"));
        String told = assertThrows(UsageException.class, run::run).getMessage();
        assertTrue(told.contains(file.resolve("long.json").toString()), told);
        assertEquals("", out.toString());
    }

    @Test
    void aFileThatCanNotBeWrittenAnyMoreTakesNothingFromTheTable() {
        assertEquals(0, longRun(Optional.of(json()), part("first", 1, "--kills 1 --ends file-gone"), part("second", 1,
                "--kills 1 --ends good")).run(), out::toString);
        assertTrue(row("first").endsWith("held") && row("second").endsWith("held"), out::toString);
        assertTrue(out.toString().contains("WARNING: the result can't be written to " + json()), out::toString);
    }

    private Path json() {
        return scratch.resolve("long.json");
    }

    private String row(String part) {
        return out.toString().lines().filter(line -> line.startsWith("  " + part + ": ")).findFirst().orElse("");
    }
}
