package io.semel.verify.programs;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.server.child.ChildJvm;
import io.semel.verify.VerifyMain;

import picocli.CommandLine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The programs as their users run them, and the history that they leave. */
class ProgramsTest {
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    private Path scratch;

    private Path data() {
        return scratch.resolve("data");
    }

    private static CommandLine commandLine(StringWriter out) {
        return VerifyMain.newCommandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(out, true));
    }

    /** What it printed goes to the end of {@code file}. */
    private List<String> run(String file, String... arguments) throws IOException {
        StringWriter out = new StringWriter();
        assertEquals(0, commandLine(out).execute(arguments), out::toString);
        List<String> lines = out.toString().lines().toList();
        Files.write(scratch.resolve(file), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return lines;
    }

    private List<String> produce(String prefix, String semantics, int records) throws IOException {
        return run("producer", "producer", "--data", data().toString(), "--topic", "in", "--value-prefix", prefix,
                "--max-messages", Integer.toString(records), "--semantics", semantics, "--transaction-size", "20");
    }

    private List<String> consume(String topic, String semantics, int members) throws IOException {
        return run("consumer-of-" + topic, "consumer", "--data", data().toString(), "--topic", topic, "--group-id", "g",
                "--verbose", "--idle-ms", "500", "--semantics", semantics, "--members", Integer.toString(members));
    }

    private void assertClean(String semantics, String... files) {
        List<String> arguments = new ArrayList<>(List.of("history", "--complete", "--semantics", semantics));
        List.of(files).forEach(file -> arguments.add(scratch.resolve(file).toString()));
        StringWriter out = new StringWriter();
        assertEquals(0, commandLine(out).execute(arguments.toArray(String[]::new)), out::toString);
    }

    private static long count(List<String> lines, String name) {
        return lines.stream().filter(line -> line.contains("\"name\":\"" + name + "\"")).count();
    }

    @Test
    void whatAtLeastOnceSendsIsConsumed() throws IOException {
        List<String> produced = produce("1", "at-least-once", 100);
        assertTrue(produced.get(0).matches("\\{\"timestamp\":\\d+,\"name\":\"startup_complete\"}"), produced.get(0));
        assertEquals(100, count(produced, "producer_send_begun"));
        assertEquals(100, count(produced, "producer_send_success"));
        String last = produced.get(produced.size() - 1);
        assertTrue(last.contains("\"sent\":100,\"acked\":100,\"target_throughput\":-1,"), last);
        List<String> consumed = consume("in", "at-least-once", 1);
        assertEquals(100, count(consumed, "record_data"));
        assertEquals(1, count(consumed, "shutdown_complete"));
        assertTrue(count(consumed, "offsets_committed") > 0);
        assertClean("at-least-once", "producer", "consumer-of-in");
    }

    @Test
    void whatAtMostOnceSendsIsConsumedAtMostOnce() throws IOException {
        produce("1", "at-most-once", 100);
        consume("in", "at-most-once", 2);
        assertClean("at-most-once", "producer", "consumer-of-in");
    }

    @Test
    void membersOfAGroupCopyExactlyOnceThroughRandomAborts() throws IOException {
        produce("1", "exactly-once", 500);
        List<String> copied = run("copier", "copier", "--data", data().toString(), "--input-topic", "in",
                "--output-topic",
                "out", "--consumer-group", "c", "--transactional-id", "t", "--transaction-size", "20", "--group-mode",
                "--use-group-metadata", "--members", "3", "--enable-random-aborts", "--verbose");
        assertTrue(count(copied, "transaction_aborted") > 0, () -> "aborted nothing: " + copied);
        assertTrue(copied.stream().anyMatch(line -> line.startsWith("{\"progress\":\"t-copier-")), copied::toString);
        assertEquals(500, count(consume("out", "exactly-once", 2), "record_data"));
        consume("in", "exactly-once", 1);
        assertClean("exactly-once", "producer", "copier", "consumer-of-in", "consumer-of-out");
    }

    @Test
    void aCopierOfOnePartitionIsNotAskedForTheOthers() throws IOException {
        produce("1", "exactly-once", 100);
        run("copier", "copier", "--data", data().toString(), "--input-topic", "in", "--input-partition", "1",
                "--output-topic", "out", "--consumer-group", "c", "--transactional-id", "t", "--verbose");
        consume("in", "exactly-once", 1);
        consume("out", "exactly-once", 1);
        assertClean("exactly-once", "producer", "copier", "consumer-of-in", "consumer-of-out");
    }

    @Test
    void oneRecordTooManyIsFound() throws IOException {
        produce("1", "exactly-once", 50);
        List<String> consumed = new ArrayList<>(consume("in", "exactly-once", 1));
        int record = IntStream.range(0, consumed.size()).filter(line -> consumed.get(line).contains("record_data"))
                .findFirst().orElseThrow();
        consumed.add(record, consumed.get(record));
        Files.write(scratch.resolve("consumer-of-in"), consumed);
        StringWriter out = new StringWriter();
        assertEquals(1, commandLine(out).execute("history", scratch.resolve("producer").toString(), scratch.resolve(
                "consumer-of-in").toString()), out::toString);
        assertTrue(out.toString().contains("FORBIDDEN internal nonmonotonic poll in in-"), out::toString);
        assertTrue(out.toString().contains("This is not exactly-once."), out::toString);
    }

    /** Semel announces every send, so that a record that nobody sent is known for a stranger. */
    @Test
    void aRecordThatNobodySentIsFound() throws IOException {
        produce("1", "at-least-once", 20);
        List<String> consumed = new ArrayList<>(consume("in", "at-least-once", 1));
        int record = IntStream.range(0, consumed.size()).filter(line -> consumed.get(line).contains("record_data"))
                .findFirst().orElseThrow();
        consumed.add(record + 1, consumed.get(record).replaceAll("\"partition\":\\d+", "\"partition\":7").replace(
                "\"1.",
                "\"strange."));
        Files.write(scratch.resolve("consumer-of-in"), consumed);
        StringWriter out = new StringWriter();
        assertEquals(1, commandLine(out).execute("history", "--semantics", "at-most-once", scratch.resolve("producer")
                .toString(), scratch.resolve("consumer-of-in").toString()), out::toString);
        assertTrue(out.toString().contains("FORBIDDEN phantom read in in-7"), out::toString);
    }

    /** Dies of {@code kill -9} once it has said {@code lines} lines; they go to the end of {@code file}. */
    private void runAndKill(String file, int lines, String... arguments) throws Exception {
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch work = new CountDownLatch(lines);
        try (ChildJvm child = ChildJvm.start(VerifyMain.class, List.of(arguments), line -> {
            told.add(line);
            work.countDown();
        })) {
            assertTrue(work.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "it says nothing");
            assertTrue(child.kill(), "it ended by itself");
        }
        Files.write(scratch.resolve(file), told, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void aKilledProducerLeavesAHistoryThatIsGoneOnWith() throws Exception {
        runAndKill("producer", 300, "producer", "--data", data().toString(), "--topic", "in", "--value-prefix", "1",
                "--semantics", "exactly-once", "--transaction-size", "20");
        produce("2", "exactly-once", 50);
        consume("in", "exactly-once", 1);
        assertClean("exactly-once", "producer", "consumer-of-in");
    }

    @Test
    void aCopierThatIsKilledGoesOnWithoutLossOrRepetition() throws Exception {
        produce("1", "at-least-once", 2_000);
        String[] copier = {"copier", "--data", data().toString(), "--input-topic", "in", "--output-topic", "out",
            "--consumer-group", "c", "--transactional-id", "t", "--transaction-size", "10", "--group-mode",
            "--use-group-metadata", "--enable-random-aborts", "--verbose"};
        runAndKill("copier", 301, copier);
        runAndKill("copier", 502, copier);
        run("copier", copier);
        assertEquals(2_000, count(consume("out", "exactly-once", 1), "record_data"));
        consume("in", "exactly-once", 1);
        assertClean("exactly-once", "producer", "copier", "consumer-of-in", "consumer-of-out");
    }

    @Test
    void badUsageIsToldInOneLine() throws IOException {
        StringWriter out = new StringWriter();
        Path empty = Files.createFile(scratch.resolve("empty"));
        assertEquals(2, commandLine(out).execute("history", empty.toString()));
        assertEquals(2, commandLine(out).execute("history"));
        assertEquals(2, commandLine(out).execute("history", scratch.resolve("missing").toString()));
        assertEquals(2, commandLine(out).execute("consumer", "--data", data().toString(), "--topic", "t", "--group-id",
                "g",
                "--enable-autocommit"));
        assertEquals(2, commandLine(out).execute("copier", "--data", data().toString(), "--input-topic", "a",
                "--output-topic", "b", "--consumer-group", "c", "--transactional-id", "t", "--members", "2"));
        assertEquals(5, out.toString().lines().count(), out::toString);
    }

    @Test
    void theTableOfAnomaliesIsPrinted() {
        StringWriter out = new StringWriter();
        assertEquals(0, commandLine(out).execute("history", "--list"));
        assertTrue(out.toString().contains("aborted read (G1a): a record of an aborted transaction was polled"),
                out::toString);
        for (String program : List.of("producer", "consumer", "copier", "history")) {
            assertEquals(0, commandLine(out).execute(program, "--help"));
            assertTrue(out.toString().contains("./semel verify " + program), out::toString);
        }
    }
}
