package io.semel.log.memory;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DirectoryLockTest {
    private static final int TAKEN = 0;
    private static final int REFUSED = 3;

    @TempDir
    Path directory;

    /** A second process: tries to take the lock of the directory that it is given. */
    public static final class Opener {
        private Opener() {
        }

        public static void main(String[] arguments) throws IOException {
            try (DirectoryLock lock = FileDisk.instance().lock(Path.of(arguments[0]))) {
                System.out.println("taken " + lock);
                System.exit(TAKEN);
            } catch (DirectoryInUseException e) {
                System.out.println(e.getMessage());
                System.exit(REFUSED);
            }
        }
    }

    /** A process that takes the lock, says so, and holds it until it is killed. */
    public static final class Holder {
        private Holder() {
        }

        public static void main(String[] arguments) throws IOException {
            try (DirectoryLock lock = FileDisk.instance().lock(Path.of(arguments[0]))) {
                System.out.println("taken " + lock);
                // Ends with the process that started this one, whatever becomes of it.
                while (System.in.read() >= 0) {
                    System.out.println("still held");
                }
            }
        }
    }

    private Process start(Class<?> main) throws IOException {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), main.getName(), directory.toString())
                .redirectErrorStream(true).start();
    }

    private int openInAnotherProcess(String[] message) throws Exception {
        Process process = start(Opener.class);
        message[0] = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return process.exitValue();
    }

    @Test
    void aSecondOwnerInTheSameProcessIsRefusedByName() throws Exception {
        try (DirectoryLock lock = FileDisk.instance().lock(directory)) {
            DirectoryInUseException refused =
                    assertThrows(DirectoryInUseException.class, () -> FileDisk.instance().lock(directory));
            assertTrue(refused.getMessage().contains(directory.toString()), refused.getMessage());
            Path sameByAnotherName = directory.resolve("..").resolve(directory.getFileName());
            assertThrows(DirectoryInUseException.class, () -> FileDisk.instance().lock(sameByAnotherName));
            assertTrue(Files.exists(directory.resolve(".lock")), lock::toString);
        }
        FileDisk.instance().lock(directory).close();
    }

    /** POSIX drops a process's lock when it closes any descriptor of the file: refusing a rival must not do so. */
    @Test
    void anotherProcessIsRefusedAlsoAfterASecondOwnerHereWas() throws Exception {
        String[] message = new String[1];
        try (DirectoryLock lock = FileDisk.instance().lock(directory)) {
            assertThrows(DirectoryInUseException.class, () -> FileDisk.instance().lock(directory));
            assertEquals(REFUSED, openInAnotherProcess(message), () -> lock + " " + message[0]);
            assertTrue(message[0].contains(directory.toString()), message[0]);
            assertTrue(message[0].contains("process " + ProcessHandle.current().pid()), message[0]);
        }
        assertEquals(TAKEN, openInAnotherProcess(message), () -> message[0]);
    }

    /**
     * Row 23 (Chronicle-Queue 629): a lock is never broken because its file looks old. It ends with its process, whose file
     * stays and says nothing.
     */
    @Test
    void aLockHoldsAsLongAsItsProcessAndNoLonger() throws Exception {
        Process holder = start(Holder.class);
        try (BufferedReader said = holder.inputReader()) {
            String taken = said.readLine();
            assertTrue(taken != null && taken.startsWith("taken"), taken);
            Files.setLastModifiedTime(directory.resolve(".lock"), FileTime.fromMillis(0));
            assertThrows(DirectoryInUseException.class, () -> FileDisk.instance().lock(directory));
            holder.destroyForcibly();
            assertTrue(holder.waitFor(60, TimeUnit.SECONDS));
        } finally {
            holder.destroyForcibly();
        }
        assertTrue(Files.exists(directory.resolve(".lock")));
        FileDisk.instance().lock(directory).close();
    }

    @Test
    void closingALockTwiceTakesNothingFromItsSuccessor() throws Exception {
        DirectoryLock first = FileDisk.instance().lock(directory);
        first.close();
        try (DirectoryLock second = FileDisk.instance().lock(directory)) {
            first.close();
            assertThrows(DirectoryInUseException.class, () -> FileDisk.instance().lock(directory), second::toString);
        }
    }
}
