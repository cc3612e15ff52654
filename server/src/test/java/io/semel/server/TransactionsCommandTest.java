package io.semel.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.Semel;
import io.semel.client.TransactionalAppender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** On a directory that is open in this process, and on a copy of it, which is what {@code kill -9} leaves. */
class TransactionsCommandTest {
    @TempDir
    private Path scratch;

    private final Cli cli = new Cli();
    private Semel semel;
    private TransactionalAppender older;
    private TransactionalAppender younger;

    /**
     * <pre>
     *  orders-0   0 done   1 marker   2 older...   3 younger...
     *  orders-1   0 older...
     * </pre>
     */
    @BeforeEach
    void write() throws IOException {
        semel = Semel.open(live());
        semel.admin().createTopic("orders", 3, Map.of("segment.bytes", "65536"));
        TransactionalAppender done = semel.openTransactionalAppender("done");
        done.begin();
        done.append(done.target("orders", 0), null, new byte[] {1});
        done.commit();
        older = semel.openTransactionalAppender("older");
        younger = semel.openTransactionalAppender("younger");
        older.begin();
        write(older, 0);
        write(older, 1);
        older.commitOffset("readers", "orders", 2, 7);
        younger.begin();
        write(younger, 0);
    }

    /** Two that do not fit one batch: so the first stands in the log at once. */
    private static void write(TransactionalAppender appender, int partition) {
        appender.append(appender.target("orders", partition), null, new byte[10_000]);
        appender.append(appender.target("orders", partition), null, new byte[10_000]);
    }

    @AfterEach
    void close() throws IOException {
        semel.close();
    }

    private Path live() {
        return scratch.resolve("live");
    }

    /** What a kill now would leave. */
    private Path killed() throws IOException {
        Path copy = scratch.resolve("killed");
        boolean whole = false;
        while (!whole) {
            whole = copied(live(), copy);
        }
        return copy;
    }

    /** False when a file went away meanwhile: the flusher replaces its checkpoints. */
    private static boolean copied(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.write(target, Files.readAllBytes(file));
                }
            }
            return true;
        } catch (NoSuchFileException | UncheckedIOException e) {
            return false;
        }
    }

    /** Every file with its time and content; but the lock, in which every owner writes his name. */
    private static Map<String, String> files(Path directory) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).filter(each -> !each.endsWith(".lock")).toList()) {
                FileTime time = Files.getLastModifiedTime(file);
                files.put(file.toString(), time + " " + Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return files;
    }

    private String[] of(Path data, String... arguments) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--data";
        all[arguments.length + 1] = data.toString();
        return all;
    }

    private static void assertMatches(String pattern, String line) {
        assertTrue(line.matches(pattern), line);
    }

    @Test
    void whatAKillLeftIsListedWithItsState() throws IOException {
        List<String> lines = cli.lines(of(killed(), "transactions", "list"));
        assertEquals(4, lines.size(), lines::toString);
        assertMatches("  done +CompleteCommit +\\d+ +0 +60,000 +20.*Z +0", lines.get(1));
        assertMatches("  older +Ongoing +\\d+ +0 +60,000 +20.*Z +3", lines.get(2));
        assertMatches("  younger +Ongoing +\\d+ +0 +60,000 +20.*Z +1", lines.get(3));
        assertEquals(3, cli.lines(of(killed(), "transactions", "list", "--state", "ongoing")).size());
        assertEquals(1, cli.lines(of(killed(), "transactions", "list", "--older-than", "PT1H")).size());
        assertEquals(4, cli.lines(of(killed(), "transactions", "list", "--older-than", "PT0S")).size());
        String json = cli.lines(of(killed(), "transactions", "list", "--state", "Ongoing", "--json")).get(0);
        assertTrue(json.startsWith("{\"transactionalId\":\"older\",\"state\":\"Ongoing\",\"producerId\":"), json);
    }

    @Test
    void anOpenTransactionIsDescribedWithAllThatItHolds() throws IOException {
        Path killed = killed();
        String shown = cli.good(of(killed, "transactions", "describe", "older"));
        assertTrue(shown.startsWith("older  Ongoing  producer "), shown);
        assertTrue(shown.contains("holds offset 7 of group readers for orders-2"), shown);
        assertTrue(shown.contains("./semel transactions abort older --data " + killed), shown);
        assertTrue(shown.lines().anyMatch(line -> line.matches("  orders-0 +2 +20.*Z")), shown);
        String json = cli.lines(of(killed, "transactions", "describe", "older", "--json")).get(0);
        assertTrue(json.contains("{\"topic\":\"orders\",\"partition\":1,\"firstOffset\":0,"), json);
        assertTrue(json.contains("{\"group\":\"readers\",\"topic\":\"orders\",\"partition\":2,\"offset\":7}"), json);
        assertEquals(1, cli.lines(of(killed, "transactions", "describe", "done")).size());
    }

    @Test
    void whySaysWhoSinceWhenHowFarAndWhatToDo() throws IOException {
        Path killed = killed();
        List<String> lines = cli.lines(of(killed, "transactions", "why", "orders:0,2"));
        assertEquals("orders-0: committed readers stop at offset 2, the end is 2 offsets further, at 4", lines.get(0));
        assertMatches("  held by     transactional id older, Ongoing, producer \\d+ epoch 0", lines.get(1));
        assertMatches("  since       offset 2, 20.*Z", lines.get(2));
        assertEquals("  behind it   1 more open here", lines.get(3));
        assertEquals("  what to do  its process is gone, and the next opening of the directory aborts it: ./semel "
                + "transactions abort older --data " + killed, lines.get(4));
        assertEquals("orders-2: nothing is open, committed readers get to the end, offset 0", lines.get(5));
        String json = cli.lines(of(killed, "transactions", "why", "orders:0", "--json")).get(0);
        assertTrue(json.startsWith(
                "{\"topic\":\"orders\",\"partition\":0,\"stable\":2,\"end\":4,\"openTransactions\":2,"
                        + "\"transactionalId\":\"older\""), json);
        assertEquals(3, cli.lines(of(killed, "transactions", "why", "orders", "--json")).size());
    }

    @Test
    void besideALiveProcessTheRemedyIsItsTimeoutOrItsOwnAbort() {
        cli.assertRefused("look beside it with --live", of(live(), "transactions", "why", "orders"));
        String shown = cli.good(of(live(), "transactions", "why", "orders:0", "--live"));
        assertTrue(shown.contains("held by     transactional id older"), shown);
        assertTrue(shown.contains("wait until its timeout at 20"), shown);
        assertTrue(shown.contains("SemelAdmin.abortTransaction(\"older\")"), shown);
        older.commit();
        shown = cli.good(of(live(), "transactions", "why", "orders:0", "--live"));
        assertTrue(shown.contains("held by     transactional id younger"), shown);
        semel.admin().abortTransaction("younger");
        shown = cli.good(of(live(), "transactions", "why", "orders:0", "--live"));
        assertTrue(shown.contains("nothing is open"), shown);
    }

    @Test
    void lookingChangesNothing() throws IOException {
        Path killed = killed();
        Map<String, String> before = files(killed);
        cli.good(of(killed, "transactions", "list"));
        cli.good(of(killed, "transactions", "describe", "older"));
        cli.good(of(killed, "transactions", "why", "orders"));
        assertEquals(before, files(killed));
    }

    @Test
    void abortEndsItAndNamesWhatOpeningEndedBesides() throws IOException {
        Path killed = killed();
        List<String> lines = cli.lines(of(killed, "transactions", "abort", "older"));
        assertMatches("aborted older: (orders-0 from offset 2|.*, orders-0 from offset 2).*", lines.get(0));
        assertEquals("by opening the directory, also aborted younger: orders-0 from offset 3", lines.get(1));
        assertEquals(2, lines.size());
        String why = cli.good(of(killed, "transactions", "why", "orders"));
        assertFalse(why.contains("held by"), why);
        cli.assertRefused("nothing to abort: transactional id older has nothing open", of(killed, "transactions",
                "abort",
                "older"));
    }

    @Test
    void abortTellsProgramsToo() throws IOException {
        List<String> lines = cli.lines(of(killed(), "transactions", "abort", "younger", "--json"));
        assertTrue(lines.get(1).endsWith("\"ended\":\"aborted\",\"partitions\":[\"orders-0\"],\"asked\":true}"),
                lines::toString);
        assertTrue(lines.get(0).contains("\"transactionalId\":\"older\"") && lines.get(0).contains("\"asked\":false"),
                lines::toString);
    }

    @Test
    void whatIsPreparedOutlivesTheOpeningAndIsCommitted() throws IOException {
        older.prepare();
        Path killed = killed();
        assertMatches("  older +Prepared +.*", cli.lines(of(killed, "transactions", "list")).get(2));
        String shown = cli.good(of(killed, "transactions", "describe", "older"));
        assertTrue(shown.contains("./semel transactions commit older --data " + killed), shown);
        assertEquals(1, cli.lines(of(killed, "transactions", "abort", "younger")).size(), "older is not ended by it");
        assertMatches("committed older: .*orders-0 from offset 2.*", cli.lines(of(killed, "transactions", "commit",
                "older")).get(0));
        assertFalse(cli.good(of(killed, "transactions", "why", "orders")).contains("held by"));
        cli.assertRefused("nothing to commit: transactional id older", of(killed, "transactions", "commit", "older"));
        cli.assertRefused("SemelAdmin.commitTransaction(\"older\")", of(live(), "transactions", "commit", "older"));
    }

    @Test
    void aDirectoryThatAProcessHasOpenIsNotAbortedBehindItsBack() {
        cli.assertRefused("SemelAdmin.abortTransaction(\"older\")", of(live(), "transactions", "abort", "older"));
        older.commit();
    }

    /** Its checkpoint tells of what began long before: the segments below it are not read. */
    @Test
    void whatBeganBeforeTheCheckpointIsFound() throws IOException {
        TransactionalAppender filler = semel.openTransactionalAppender("filler");
        for (int number = 0; number < 20; number++) {
            filler.begin();
            write(filler, 1);
            filler.commit();
        }
        Path killed = killed();
        while (checkpoints(killed.resolve("orders-1")) == 0) {
            killed = killed();
        }
        String shown = cli.good(of(killed, "transactions", "why", "orders:1"));
        assertTrue(shown.contains("committed readers stop at offset 0"), shown);
        assertTrue(shown.contains("transactional id older, Ongoing") && shown.contains("epoch 0"), shown);
        assertTrue(shown.lines().anyMatch(line -> line.matches("  since       offset 0, 20.*Z")), shown);
    }

    private static long checkpoints(Path partition) throws IOException {
        try (Stream<Path> files = Files.list(partition)) {
            return files.filter(file -> file.getFileName().toString().contains("checkpoint")).count();
        }
    }

    @Test
    void unknownNamesAndBadInputAreRefused() throws IOException {
        Path killed = killed();
        cli.assertRefused("no such transactional id: nobody", of(killed, "transactions", "describe", "nobody"));
        cli.assertRefused("no such transactional id: nobody", of(killed, "transactions", "abort", "nobody"));
        cli.assertRefused("unknown topic: bills", of(killed, "transactions", "why", "bills"));
        cli.assertRefused("no such partition: orders-3", of(killed, "transactions", "why", "orders:3"));
        cli.assertRefused("no such state: --state given=Open; there are Empty, Ongoing", of(killed, "transactions",
                "list",
                "--state", "Open"));
        cli.assertRefused("no duration: --older-than given=soon", of(killed, "transactions", "list", "--older-than",
                "soon"));
        cli.assertRefused("no such directory", of(scratch.resolve("none"), "transactions", "list"));
        cli.assertRefused("not a data directory", of(Files.createDirectory(scratch.resolve("empty")), "transactions",
                "list"));
        cli.assertRefused("list, describe, why, abort or commit", "transactions");
        cli.assertRefused("--data", "transactions", "list");
    }

    @Test
    void theHelpTeaches() {
        assertTrue(cli.good("transactions", "--help").contains("./semel transactions why orders:0"));
        assertTrue(cli.good("transactions", "abort", "--help").contains("SemelAdmin.abortTransaction"));
    }
}
