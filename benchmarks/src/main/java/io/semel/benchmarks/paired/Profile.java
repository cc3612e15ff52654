package io.semel.benchmarks.paired;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.semel.benchmarks.workload.Stopwatch.Window;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/**
 * A crude profile by the JDK's own flight recorder: which method each sample was taken in, and, when that is not ours,
 * which of our methods called it. All threads count, but only inside of the clock; one that is not the contender's own
 * is named, because what it does costs the contender nothing while there is a core for it.
 */
final class Profile implements AutoCloseable {
    private static final String IN_JAVA = "jdk.ExecutionSample";
    /** In a system call, say: a write. */
    private static final String IN_NATIVE = "jdk.NativeMethodSample";

    private static final Duration PERIOD = Duration.ofMillis(5);
    private static final String MAIN = "main";
    private static final String OURS = "io.semel.";
    private static final int LONGEST_PROFILE = 20;
    private static final int PERMILLE = 1_000;

    private final Recording recording;

    private Profile(Recording recording) {
        this.recording = recording;
    }

    static Profile start() {
        Recording recording = new Recording();
        recording.enable(IN_JAVA).withPeriod(PERIOD);
        recording.enable(IN_NATIVE).withPeriod(PERIOD);
        recording.start();
        return new Profile(recording);
    }

    /** Ends the recording and says where the time went, largest share first. */
    List<ProfileLine> stop(Path file, List<Window> windows) throws IOException {
        recording.stop();
        recording.dump(file);
        Map<String, Integer> counts = new HashMap<>();
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            if (isSample(event) && isInside(windows, event.getStartTime())) {
                counts.merge(placeOf(event), 1, Integer::sum);
            }
        }
        int total = counts.values().stream().mapToInt(Integer::intValue).sum();
        return counts.entrySet().stream().sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(LONGEST_PROFILE)
                .map(entry -> new ProfileLine(entry.getValue(), entry.getValue() * PERMILLE / total, entry.getKey()))
                .toList();
    }

    private static boolean isSample(RecordedEvent event) {
        String name = event.getEventType().getName();
        return (name.equals(IN_JAVA) || name.equals(IN_NATIVE)) && event.getStackTrace() != null;
    }

    private static boolean isInside(List<Window> windows, Instant time) {
        return windows.stream().anyMatch(window -> window.contains(time));
    }

    private static String placeOf(RecordedEvent event) {
        RecordedStackTrace stack = event.getStackTrace();
        List<RecordedFrame> frames = stack.getFrames();
        String top = nameOf(frames.get(0));
        String ours = frames.stream().map(Profile::nameOf).filter(name -> name.startsWith(OURS)).findFirst().orElse(
                "no method of ours");
        String place = top.equals(ours) ? shorten(top) : shorten(top) + " < " + shorten(ours);
        RecordedThread thread = event.getThread("sampledThread");
        return thread == null || MAIN.equals(thread.getJavaName()) ? place : place + " [" + thread.getJavaName() + ']';
    }

    private static String nameOf(RecordedFrame frame) {
        return frame.getMethod().getType().getName() + '.' + frame.getMethod().getName();
    }

    /** Class and method without the package. */
    private static String shorten(String name) {
        int method = name.lastIndexOf('.');
        return name.substring(name.lastIndexOf('.', method - 1) + 1);
    }

    @Override
    public void close() {
        recording.close();
    }
}
