package io.semel.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.semel.client.Appender;
import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;
import io.semel.client.TransactionalAppender;

import picocli.CommandLine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CommandLineTest {
    @TempDir
    private Path scratch;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine commandLine = SemelCommand.newCommandLine();
        commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }

    private void assertRefused(String mustSay, String... arguments) {
        assertEquals(2, run(arguments), err::toString);
        assertTrue(err.toString().contains(mustSay), err::toString);
        assertEquals(1, err.toString().lines().count(), () -> "one line, no stack trace: " + err);
    }

    private String data() {
        return scratch.resolve("data").toString();
    }

    @Test
    void helpNamesEveryCommandAndHowToBegin() {
        assertEquals(0, run("--help"));
        for (String word : List.of("demo", "topics", "groups", "transactions", "produce", "consume", "dump",
                "verify-log", "verify",
                "bench",
                "./semel demo")) {
            assertTrue(out.toString().contains(word), () -> word + " is missing in " + out);
        }
    }

    @Test
    void withoutACommandTheHelpIsShown() {
        assertEquals(0, run());
        assertTrue(out.toString().contains("./semel demo"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "topics", "groups", "transactions", "produce", "consume", "dump", "verify-log"})
    void everyCommandTeachesByExamples(String command) {
        assertEquals(0, run(command, "--help"));
        assertTrue(out.toString().contains("Example"), out::toString);
        assertTrue(out.toString().contains("./semel " + command), out::toString);
    }

    @Test
    void theDemoRefusesInputThatItCantRead() throws IOException {
        assertRefused("no such file: " + scratch.resolve("none.txt"), "demo", "--input",
                scratch.resolve("none.txt").toString());
        assertRefused("a directory, not a file", "demo", "--input", scratch.toString());
        Path empty = Files.createFile(scratch.resolve("empty.txt"));
        assertRefused("nothing to count", "demo", "--input", empty.toString());
    }

    @Test
    void theDemoRefusesNumbersOutOfRange() {
        assertRefused("--kills out of range: given -1, allowed 0 to", "demo", "--kills", "-1");
        assertRefused("--passes out of range", "demo", "--passes", "0");
        assertRefused("--partitions out of range", "demo", "--partitions", "0");
        assertRefused("none of exactly-once", "demo", "--semantics", "twice");
        assertRefused("--kills", "demo", "--kills", "many");
    }

    @Test
    void theDemoRefusesADirectoryThatCantBeMade() throws IOException {
        Path file = Files.createFile(scratch.resolve("file"));
        assertRefused("not a directory", "demo", "--data", file.toString());
        assertRefused("directory can't be made", "demo", "--data", file.resolve("below").toString());
    }

    @Test
    void theDemoLeavesForeignFilesAlone() throws IOException {
        Path foreign = Files.writeString(scratch.resolve("letter.txt"), "dear reader");
        assertRefused("letter.txt", "demo", "--data", scratch.toString());
        assertEquals("dear reader", Files.readString(foreign));
    }

    @Test
    void aDirectoryInUseIsNamed() throws IOException {
        Path directory = scratch.resolve("data");
        try (Semel owner = Semel.open(directory)) {
            owner.admin().createTopic("mine", 1);
            assertRefused(directory.toString(), "demo", "--data", directory.toString());
            assertRefused(directory.toString(), "topics", "list", "--data", directory.toString());
        }
        assertEquals(0, run("topics", "list", "--data", directory.toString()));
    }

    @Test
    void topicsComeAndGo() {
        assertEquals(0, run("topics", "create", "orders", "--partitions", "3", "--data", data()), err::toString);
        assertEquals(0, run("topics", "create", "bills", "--data", data()), err::toString);
        assertEquals(0, run("topics", "list", "--data", data()));
        assertEquals(List.of("bills", "orders"), out.toString().lines().toList());
        assertEquals(0, run("topics", "describe", "orders", "--data", data()));
        assertEquals(5, out.toString().lines().count(), out::toString);
        assertEquals(0, run("topics", "delete", "bills", "--data", data()));
        assertEquals(0, run("topics", "list", "--data", data()));
        assertEquals(List.of("orders"), out.toString().lines().toList());
    }

    @Test
    void unknownThingsAreNamed() {
        assertRefused("no such directory", "topics", "list", "--data", data());
        assertFalse(Files.exists(scratch.resolve("data")), "a mistyped directory must not be made");
        assertEquals(0, run("topics", "create", "orders", "--data", data()));
        assertRefused("nothing", "topics", "describe", "nothing", "--data", data());
        assertRefused("nothing", "topics", "delete", "nothing", "--data", data());
        assertRefused("nothing", "consume", "nothing", "--data", data());
        assertRefused("nothing", "produce", "nothing", "--data", data());
        assertRefused("nobody", "groups", "describe", "nobody", "--data", data());
        assertRefused("orders", "topics", "create", "orders", "--data", data());
        assertRefused("orders-7", "consume", "orders", "--partition", "7", "--data", data());
        assertRefused("--data", "topics", "list");
        assertRefused("list, create, describe or delete", "topics");
    }

    @Test
    void consumePrintsWhatIsCommittedUnlessAskedForMore() throws IOException {
        try (Semel semel = Semel.open(scratch.resolve("data"))) {
            semel.admin().createTopic("orders", 2);
            try (TransactionalAppender appender = semel.openTransactionalAppender("test")) {
                TransactionalAppender.Target target = appender.target("orders", 0);
                appender.begin();
                appender.append(target, "k".getBytes(), "committed".getBytes());
                appender.commit();
                appender.begin();
                appender.append(target, null, "aborted".getBytes());
                // Does not fit the same batch, so the one before is written.
                appender.append(target, null, new byte[20_000]);
                appender.commitOffset("readers", "orders", 0, 1);
                appender.abort();
                appender.begin();
                appender.commitOffset("readers", "orders", 0, 2);
                appender.commit();
            }
            try (Appender plain = semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, "orders", 1)) {
                plain.append(null, "plain".getBytes());
                plain.append(new byte[] {0, 1}, "\t".getBytes());
            }
        }
        assertEquals(0, run("consume", "orders", "--data", data()), err::toString);
        assertEquals(List.of("k\tcommitted", "plain", "0x0001\t\t"), out.toString().lines().toList());
        assertEquals(0, run("consume", "orders", "--partition", "0", "--max", "1", "--offsets", "--data", data()));
        assertEquals(List.of("0\t0\tk\tcommitted"), out.toString().lines().toList());
        assertEquals(0, run("consume", "orders", "--isolation", "read_uncommitted", "--partition", "0", "--data",
                data()));
        assertEquals(List.of("k\tcommitted", "aborted"), out.toString().lines().toList());
        assertEquals(0, run("groups", "describe", "readers", "--data", data()), err::toString);
        assertTrue(out.toString().contains("orders-0"), out::toString);
        assertEquals(0, run("groups", "list", "--data", data()));
        assertTrue(out.toString().contains("readers"), out::toString);
    }
}
