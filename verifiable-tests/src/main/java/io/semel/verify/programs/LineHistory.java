package io.semel.verify.programs;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.semel.verify.history.Event;

/**
 * The history that lines of programs tell. A file may hold the lines of several processes, and of several lives: every
 * {@code startup_complete} begins a new one, and whoever was alive in it before has crashed.
 *
 * <p>Thread rule: one thread.
 */
public final class LineHistory {
    private final List<Event> events = new ArrayList<>();

    /** Where each event stands, as file and line. */
    private final List<String> origins = new ArrayList<>();

    private long unreadableLines;
    private long pollsWithoutRecords;

    private LineHistory() {
    }

    public static LineHistory of(List<Path> files) throws IOException {
        LineHistory history = new LineHistory();
        for (Path file : files) {
            history.read(file);
        }
        return history;
    }

    public List<Event> events() {
        return events;
    }

    /** File and line of an event. */
    public String origin(int event) {
        return origins.get(event);
    }

    /** Lines that a kill cut off, or that are no events at all. */
    public long unreadableLines() {
        return unreadableLines;
    }

    /** Polls of which only the count is told: their consumer ran without {@code --verbose}. */
    long pollsWithoutRecords() {
        return pollsWithoutRecords;
    }

    private void read(Path file) throws IOException {
        Map<String, ProgramLife> lives = new LinkedHashMap<>();
        int number = 0;
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String text = lines.readLine(); text != null; text = lines.readLine()) {
                number++;
                if (!text.isBlank()) {
                    take(file, number, text, lives);
                }
            }
        }
        for (ProgramLife life : lives.values()) {
            add(file, number, life.end());
        }
    }

    private void take(Path file, int number, String text, Map<String, ProgramLife> lives) {
        EventLine line;
        try {
            line = EventLine.of(text);
        } catch (Json.BrokenException e) {
            unreadableLines++;
            return;
        }
        String process = line.text(EventLine.PROCESS);
        ProgramLife life = lives.computeIfAbsent(process, name -> new ProgramLife(processName(file, name), 1));
        if (line.name().equals(EventLine.STARTUP_COMPLETE) && life.isBegun()) {
            add(file, number, life.end());
            life = life.next();
            lives.put(process, life);
        }
        add(file, number, life.take(line));
        if (line.name().equals(EventLine.RECORDS_CONSUMED) && life.lastPollHadNoRecords()) {
            pollsWithoutRecords++;
        }
    }

    private static String processName(Path file, String process) {
        return process.isEmpty() ? file.getFileName().toString() : file.getFileName() + ":" + process;
    }

    private void add(Path file, int line, List<Event> some) {
        for (Event event : some) {
            events.add(event);
            origins.add(file.getFileName() + ":" + line);
        }
    }
}
