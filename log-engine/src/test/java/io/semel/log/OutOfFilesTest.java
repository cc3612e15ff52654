package io.semel.log;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The real thing: a JVM that the system gives no more descriptors. */
@Timeout(60)
class OutOfFilesTest {
    private static final int DESCRIPTORS = 100;

    @TempDir
    Path directory;

    /** L5, failures 22. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aJvmWithoutDescriptorsRefusesAppendsKeepsItsLogAndGoesOn() throws Exception {
        Path classes = Path.of(Log.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Process child = new ProcessBuilder("sh", "-c", "ulimit -n " + DESCRIPTORS + " && exec \"$@\"", "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), OutOfFilesMain.class.getName(),
                directory.resolve("log").toString(), classes.toString()).redirectErrorStream(true).start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, child.waitFor(), said);
        assertTrue(said.contains("refused=io.semel.log.memory.OpenRefusedException: could not be opened: "), said);
        assertTrue(said.contains("Too many open files"), said);
        assertTrue(said.contains("force=io.semel.log.memory.OpenRefusedException"), said);
        assertTrue(said.contains("failure=null"), said);
        String appended = said.replaceAll("(?s).*appended=(\\d+) durable=\\1 refusal=null.*", "$1");
        assertTrue(said.contains("read=" + appended + "\n"), said);
    }
}
