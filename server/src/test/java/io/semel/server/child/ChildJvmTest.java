package io.semel.server.child;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ChildJvmTest {
    /** Less than a pipe holds, so that the child need not wait for a reader. */
    private static final int LINES = 500;

    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    private Path scratch;

    /** Prints lines, says by a file that all are printed, and waits to be killed. */
    static final class Talker {
        private Talker() {
        }

        public static void main(String[] arguments) throws IOException {
            ChildJvm.dieWithParent();
            for (int line = 0; line < LINES; line++) {
                System.out.println("line " + line);
            }
            System.out.flush();
            Files.createFile(Path.of(arguments[0]));
            while (true) {
                LockSupport.park();
            }
        }
    }

    @Test
    void whatAKilledProcessHadPrintedIsDeliveredThoughNobodyHadReadItYet() throws Exception {
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch mayRead = new CountDownLatch(1);
        Path printed = scratch.resolve("printed");
        try (ChildJvm talker = ChildJvm.start(Talker.class, List.of(printed.toString()), line -> {
            reading.countDown();
            try {
                mayRead.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            lines.add(line);
        })) {
            assertTrue(reading.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "the child printed nothing");
            while (!Files.exists(printed)) {
                assertTrue(talker.isAlive(), "the child ended by itself");
                Thread.onSpinWait();
            }
            Thread release = new Thread(() -> {
                try {
                    while (talker.isAlive()) {
                        Thread.onSpinWait();
                    }
                } finally {
                    mayRead.countDown();
                }
            });
            release.start();
            assertTrue(talker.kill(), "it died of something else");
            release.join();
        }
        assertEquals(LINES, lines.size());
    }
}
