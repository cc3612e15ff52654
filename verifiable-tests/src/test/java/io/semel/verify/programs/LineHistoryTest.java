package io.semel.verify.programs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.verify.history.Entry;
import io.semel.verify.history.Event;

import static org.junit.jupiter.api.Assertions.assertEquals;

class LineHistoryTest {
    private static final String START = "{\"timestamp\":1,\"name\":\"startup_complete\"}";
    private static final String END = "{\"timestamp\":1,\"name\":\"shutdown_complete\"}";

    @TempDir
    private Path scratch;

    private LineHistory read(String... lines) throws IOException {
        return LineHistory.of(List.of(Files.write(scratch.resolve("p"), List.of(lines))));
    }

    private List<Event> events(String... lines) throws IOException {
        return read(lines).events();
    }

    private static String named(String name) {
        return "{\"name\":\"" + name + "\"}";
    }

    private static String sent(long offset, String value) {
        return "{\"timestamp\":1,\"name\":\"producer_send_success\",\"key\":null,\"value\":\"" + value
                + "\",\"topic\":\"x\",\"partition\":0,\"offset\":" + offset + "}";
    }

    /** As Kafka's tools print them. */
    @Test
    void linesOfKafkasToolsAreEvents() throws IOException {
        String record =
                "{\"timestamp\":1,\"name\":\"record_data\",\"key\":null,\"value\":\"a\",\"topic\":\"x\",\"partition\":0,"
                        + "\"offset\":7}";
        assertEquals(List.of(Event.sent("p", "x-0", 7, "a"), Event.sendUnknown("p", Entry.somewhereIn("x"), "b"), Event
                .rebalanced("p", "x-0", "x-1"), Event.polled("p",
                        new Entry(
                                "x-0", 7, "a")), Event.crashed("p")), events(START, sent(7, "a"),
                                        "{\"timestamp\":1,\"name\":\"producer_send_error\",\"key\":null,\"value\":\"b\",\"topic\":\"x\",\"exception\":"
                                                + "\"class java.lang.Exception\",\"message\":\"no\"}",
                                        "{\"timestamp\":1,\"name\":\"partitions_assigned\",\"partitions\":[{\"topic\":\"x\",\"partition\":0},"
                                                + "{\"topic\":\"x\",\"partition\":1}]}", record,
                                        "{\"timestamp\":1,\"name\":\"records_consumed\",\"count\":1,\"partitions\":[]}",
                                        "{\"timestamp\":1,\"name\":\"offsets_committed\",\"offsets\":[],\"success\":true}",
                                        END,
                                        "{\"timestamp\":1,\"name\":\"tool_data\",\"sent\":2,\"acked\":1,\"target_throughput\":-1,"
                                                + "\"avg_throughput\":0.5}"));
    }

    @Test
    void aSendIsAnnouncedForAPartitionOrForATopic() throws IOException {
        assertEquals(List.of(Event.sendBegun("p", "x-3", "a"), Event.sendBegun("p", Entry.somewhereIn("x"), "b"), Event
                .crashed("p")), events(
                        "{\"name\":\"producer_send_begun\",\"key\":null,\"value\":\"a\",\"topic\":\"x\",\"partition\":3}",
                        "{\"name\":\"producer_send_begun\",\"key\":null,\"value\":\"b\",\"topic\":\"x\"}"));
    }

    @Test
    void anErrorThatComesBeforeTheWriteIsAFailure() throws IOException {
        assertEquals(List.of(Event.sendFailed("p", Entry.somewhereIn("x"), "a"), Event.crashed("p")), events(
                "{\"name\":\"producer_send_error\",\"key\":null,\"value\":\"a\",\"topic\":\"x\",\"exception\":"
                        + "\"class org.apache.kafka.common.errors.RecordTooLargeException\",\"message\":\"no\"}"));
    }

    /** Its announcement named the partition, and so does its error. */
    @Test
    void aFailureMayNameItsPartition() throws IOException {
        assertEquals(List.of(Event.sendUnknown("p", "x-3", "a"), Event.crashed("p")), events(
                "{\"name\":\"producer_send_error\",\"key\":null,\"value\":\"a\",\"topic\":\"x\",\"partition\":3,"
                        + "\"exception\":\"class java.lang.Exception\",\"message\":\"no\"}"));
    }

    @Test
    void theGroupIsTold() throws IOException {
        assertEquals(List.of(Event.subscribed("p", "g"), Event.crashed("p")), events(
                "{\"name\":\"startup_complete\",\"group\":\"g\"}"));
    }

    @Test
    void thePartitionsThatAProgramChoseAreTold() throws IOException {
        assertEquals(List.of(Event.subscribed("p", "g"), Event.assigned("p", "x-1"), Event.crashed("p")), events(
                "{\"name\":\"startup_complete\",\"group\":\"g\",\"partitions\":[{\"topic\":\"x\",\"partition\":1}]}"));
    }

    @Test
    void anotherLifeIsAnotherProcess() throws IOException {
        assertEquals(List.of(Event.sent("p", "x-0", 0, "a"), Event.crashed("p"), Event.sent("p#2", "x-0", 1, "b"), Event
                .crashed("p#2")), events(START, sent(0, "a"), START, sent(1, "b"), END));
    }

    @Test
    void membersOfOneProgramAreProcesses() throws IOException {
        assertEquals(List.of(Event.subscribed("p:m", "g"), Event.subscribed("p:n", "g"), Event.crashed("p:m"), Event
                .crashed(
                        "p:n")), events("{\"name\":\"startup_complete\",\"process\":\"m\",\"group\":\"g\"}",
                                "{\"name\":\"startup_complete\",\"process\":\"n\",\"group\":\"g\"}"));
    }

    @Test
    void whatWasNotAskedToBeCommittedIsAborted() throws IOException {
        assertEquals(List.of(Event.begun("p"), Event.sent("p", "x-0", 0, "a"), Event.aborted("p")), events(named(
                "transaction_begun"), sent(0, "a")));
    }

    @Test
    void whatWasAskedToBeCommittedIsUnknownUntilAnswered() throws IOException {
        assertEquals(List.of(Event.begun("p"), Event.crashed("p")), events(named("transaction_begun"), named(
                "transaction_committing")));
        assertEquals(List.of(Event.begun("p"), Event.committed("p"), Event.begun("p"), Event.aborted("p"), Event
                .crashed("p")),
                events(named("transaction_begun"), named("transaction_committing"), named("transaction_committed"),
                        named(
                                "transaction_begun"), named("transaction_aborted")));
    }

    @Test
    void aLineThatAKillCutOffIsCounted() throws IOException {
        LineHistory history = read(START, sent(0, "a"), sent(1, "b").substring(0, 60));
        assertEquals(1, history.unreadableLines());
        assertEquals(List.of(Event.sent("p", "x-0", 0, "a"), Event.crashed("p")), history.events());
    }

    @Test
    void aPollThatDoesNotShowItsRecordsIsCounted() throws IOException {
        assertEquals(1, read(START, "{\"name\":\"records_consumed\",\"count\":3,\"partitions\":[]}")
                .pollsWithoutRecords());
    }

    @Test
    void anEventNamesItsLine() throws IOException {
        assertEquals("p:2", read(START, sent(0, "a")).origin(0));
    }
}
