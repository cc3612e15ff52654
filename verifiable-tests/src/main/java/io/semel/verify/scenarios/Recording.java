package io.semel.verify.scenarios;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.semel.verify.programs.EventLine;
import io.semel.verify.programs.Json;
import io.semel.verify.report.Lane;
import io.semel.verify.scenarios.worker.Told;

/**
 * The history of a run as it comes in: written to a file line by line, counted, and watched for what needs no checker
 * to be wrong.
 *
 * <p>Thread rule: {@link #take} by the thread that reads the current worker's lines, the rest by the supervisor.
 */
public final class Recording implements AutoCloseable {
    /** What is counted. */
    enum Tally {
        SENT("records sent, acknowledged"), COPIED("records copied, acknowledged"), COMMITTED(
                "transactions committed"), ABORTED("  aborted"), REBALANCES(
                        "assignments of partitions"), STALLS("programs stalled and fenced");

        private final String words;

        Tally(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    private final Path file;
    private final PrintWriter writer;
    private final Chronicle chronicle = new Chronicle();
    private final Set<String> fenced = new HashSet<>();
    private final List<String> violations = new ArrayList<>();
    private final List<Long> timesMs = new ArrayList<>();
    private final Map<Tally, Long> counts = new EnumMap<>(Tally.class);
    private long sentBefore;
    private long copiedBefore;
    private boolean isReady;
    private boolean isAtStep;

    private Recording(Path file, PrintWriter writer) {
        this.file = file;
        this.writer = writer;
        for (Tally tally : Tally.values()) {
            counts.put(tally, 0L);
        }
    }

    public static Recording to(Path file) throws IOException {
        return new Recording(file, new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8)));
    }

    Path file() {
        return file;
    }

    synchronized void beginLife() {
        isReady = false;
        isAtStep = false;
        sentBefore = count(Tally.SENT);
        copiedBefore = count(Tally.COPIED);
    }

    public synchronized void take(String text) {
        writer.println(text);
        long atMs = 0;
        try {
            EventLine line = EventLine.of(text);
            atMs = line.number("timestamp", 0);
            take(line);
        } catch (Json.BrokenException e) {
            // The kill cut it off, or a library printed it; it stands in the file all the same.
        }
        timesMs.add(atMs);
    }

    private void take(EventLine line) {
        chronicle.take(line);
        String program = line.text(EventLine.PROCESS);
        switch (line.name()) {
            case Told.READY -> {
                isReady = true;
                fenced.clear();
            }
            case Told.AT_STEP -> isAtStep = true;
            case Told.VIOLATION -> violations.add(line.text(Told.WHAT));
            case Told.STALLED -> count(Tally.STALLS, 1);
            case Told.FENCED -> fenced.add(program);
            case EventLine.STARTUP_COMPLETE -> fenced.remove(program);
            case EventLine.PARTITIONS_ASSIGNED -> count(Tally.REBALANCES, 1);
            case EventLine.TRANSACTION_ABORTED -> count(Tally.ABORTED, 1);
            case EventLine.TRANSACTION_COMMITTED -> {
                count(Tally.COMMITTED, 1);
                requireNotFenced(program, "committed a transaction");
            }
            case EventLine.SEND_SUCCESS -> {
                count(program.startsWith("producer") ? Tally.SENT : Tally.COPIED, 1);
                requireNotFenced(program, "sent " + line.text(EventLine.VALUE) + " to " + line.partition()
                        + ", where it was given offset " + line.text(EventLine.OFFSET));
            }
            default -> {
                // For the checker.
            }
        }
    }

    private void requireNotFenced(String program, String did) {
        if (fenced.contains(program)) {
            // One says it all: what follows is the same instance's.
            fenced.remove(program);
            violations.add(program + " was fenced (T6), and afterwards " + did + ": line " + (timesMs.size() + 1)
                    + " of " + file.getFileName());
        }
    }

    private void count(Tally tally, long more) {
        counts.merge(tally, more, Long::sum);
    }

    synchronized long count(Tally tally) {
        return counts.get(tally);
    }

    synchronized boolean isReady() {
        return isReady;
    }

    synchronized boolean isAtStep() {
        return isAtStep;
    }

    synchronized boolean hasSentInThisLife() {
        return count(Tally.SENT) > sentBefore;
    }

    synchronized boolean hasCopiedInThisLife() {
        return count(Tally.COPIED) > copiedBefore;
    }

    public synchronized void killed() {
        chronicle.killed(System.currentTimeMillis());
    }

    synchronized void violated(String what) {
        violations.add(what);
    }

    synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    synchronized List<String> alive() {
        return chronicle.alive();
    }

    /** Once it is finished. */
    public List<Lane> lanes() {
        return chronicle.lanes();
    }

    /** When processes were killed. */
    public List<Long> killsMs() {
        return chronicle.killsMs();
    }

    Chronicle chronicle() {
        return chronicle;
    }

    /** When a line was said, by its place in a history: its name, a colon, its number from 1. */
    synchronized long timeOf(String origin) {
        int line = Integer.parseInt(origin.substring(origin.lastIndexOf(':') + 1));
        return line <= timesMs.size() ? timesMs.get(line - 1) : 0;
    }

    /** Nothing more comes; what came can be read. */
    public synchronized void finish() {
        writer.close();
        if (writer.checkError()) {
            throw new UncheckedIOException(new IOException("the history can't be written: " + file));
        }
    }

    @Override
    public void close() {
        writer.close();
    }
}
