package io.semel.verify.scenarios;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.verify.report.Lane;
import io.semel.verify.report.Lane.Mark;
import io.semel.verify.report.Lane.Span;
import io.semel.verify.scenarios.Recording.Tally;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RecordingTest {
    @TempDir
    private Path scratch;

    private Recording recording;

    @BeforeEach
    void open() throws IOException {
        recording = Recording.to(scratch.resolve("run.jsonl"));
    }

    @AfterEach
    void close() {
        recording.close();
    }

    private void say(long atMs, String name, String process) {
        recording.take("{\"timestamp\":" + atMs + ",\"name\":\"" + name + "\",\"process\":\"" + process + "\"}");
    }

    @Test
    void whoeverSucceedsAfterItWasFencedIsTold() {
        say(1, "startup_complete", "copier-0");
        say(2, "producer_send_success", "copier-0");
        say(3, "fenced", "copier-0");
        assertTrue(recording.violations().isEmpty());
        say(4, "transaction_committed", "copier-0");
        assertEquals(List.of("copier-0 was fenced (T6), and afterwards committed a transaction: line 4 of run.jsonl"),
                recording.violations());
    }

    @Test
    void aNewInstanceOfTheNameIsNotFenced() {
        say(1, "fenced", "copier-0");
        say(2, "startup_complete", "copier-0");
        say(3, "transaction_committed", "copier-0");
        assertTrue(recording.violations().isEmpty());
    }

    @Test
    void linesThatAKillCutOffStayInTheFileAndCountForNothing() throws IOException {
        say(5, "producer_send_success", "producer-0");
        recording.take("{\"timestamp\":6,\"name\":\"producer_send_s");
        recording.finish();
        assertEquals(2, Files.readAllLines(recording.file()).size());
        assertEquals(1, recording.count(Tally.SENT));
        assertEquals(5, recording.timeOf("run.jsonl:1"));
        assertEquals(0, recording.timeOf("run.jsonl:2"));
    }

    @Test
    void lanesShowLivesAndTheEndsOfTransactions() {
        say(1, "startup_complete", "copier-0");
        say(2, "transaction_begun", "copier-0");
        say(3, "transaction_committed", "copier-0");
        say(4, "transaction_begun", "copier-0");
        say(5, "transaction_aborted", "copier-0");
        say(6, "stalled", "copier-0");
        say(7, "transaction_begun", "copier-0");
        say(9, "startup_complete", "copier-0");
        recording.finish();
        assertEquals(List.of(new Lane("copier-0", List.of(new Span(Span.Kind.COMMITTED, 2, 3), new Span(
                Span.Kind.ABORTED, 4, 5), new Span(Span.Kind.UNFINISHED, 7, 9), new Span(Span.Kind.ALIVE, 1, 9),
                new Span(Span.Kind.ALIVE, 9, 9)), List.of(new Mark(Mark.Kind.STALLED, 6, "")))), recording.lanes());
    }
}
