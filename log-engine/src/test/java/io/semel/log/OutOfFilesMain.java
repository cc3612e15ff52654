package io.semel.log;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

import io.semel.log.memory.FileDisk;

/** A process of few descriptors that uses them all up while its log is open. Prints what became of the log. */
final class OutOfFilesMain {
    private static final int BATCH_BYTES = 30_000;

    private OutOfFilesMain() {
    }

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        loadAll(Path.of(args[1]));
        TestBatches batches = new TestBatches();
        Claim claim = new Claim();
        Log log = Log.open(FileDisk.instance(), directory, Logs.SMALL, Logs.NOTHING);
        // One more fits, so that there is something to force.
        long number = append(log, claim, batches, 0, 9);
        log.force();
        Deque<RandomAccessFile> hogs = useUp(directory.resolve("hog"));
        number = append(log, claim, batches, number, 1000);
        System.out.println("refused=" + log.refusal());
        try {
            log.force();
            System.out.println("forced");
        } catch (IOException e) {
            System.out.println("force=" + e);
        }
        System.out.println("failure=" + log.failure());
        for (RandomAccessFile hog : hogs) {
            hog.close();
        }
        number = append(log, claim, batches, number, 10);
        log.force();
        System.out.println("appended=" + number + " durable=" + log.durableOffset() + " refusal=" + log.refusal());
        log.close();
        List<Long> read;
        try (Log again = Log.open(FileDisk.instance(), directory, Logs.SMALL, Logs.NOTHING)) {
            read = Logs.readNumbers(again);
        }
        System.out.println("read=" + read.size());
    }

    /** From a folder classes can't be loaded without a descriptor; from a jar, as users have them, they can. */
    private static void loadAll(Path classes) throws IOException, ClassNotFoundException {
        List<Path> files;
        try (Stream<Path> tree = Files.walk(classes)) {
            files = tree.filter(file -> file.toString().endsWith(".class")).toList();
        }
        for (Path file : files) {
            String name = classes.relativize(file).toString();
            if (name.startsWith("io")) {
                Class.forName(name.substring(0, name.length() - ".class".length()).replace('/', '.'), false,
                        OutOfFilesMain.class.getClassLoader());
            }
        }
    }

    private static Deque<RandomAccessFile> useUp(Path file) throws IOException {
        Deque<RandomAccessFile> hogs = new ArrayDeque<>();
        try {
            while (true) {
                hogs.add(new RandomAccessFile(file.toFile(), "rw"));
            }
        } catch (FileNotFoundException e) {
            return hogs;
        }
    }

    private static long append(Log log, Claim claim, TestBatches batches, long from, int most) {
        for (long number = from; number < from + most; number++) {
            if (Logs.append(log, claim, batches.batchOfSize(number, BATCH_BYTES)) < 0) {
                return number;
            }
            log.doWork();
            log.flush();
        }
        return from + most;
    }
}
