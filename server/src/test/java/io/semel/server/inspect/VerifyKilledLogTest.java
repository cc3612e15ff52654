package io.semel.server.inspect;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.Semel;
import io.semel.server.CommandLines;

import picocli.CommandLine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What compaction, retention, forces and transactions leave behind when their process is killed is whole. */
@Timeout(400)
class VerifyKilledLogTest {
    private static final int LIVES = 3;

    @TempDir
    private Path data;

    private static String verify(Path path) {
        StringWriter out = new StringWriter();
        CommandLine commandLine = CommandLines.prepare(new CommandLine(new VerifyLogCommand()));
        commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(out, true));
        return commandLine.execute(path.toString()) + "\n" + out;
    }

    private void live(int life, int transactions) throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), KilledWriter.class.getName(), data.toString(), "" + life, ""
                        + transactions)
                .redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertEquals(KilledWriter.EXIT_CODE, process.waitFor(), said);
    }

    private List<String> names(String topic, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(data.resolve(topic))) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(suffix)).sorted()
                    .toList();
        }
    }

    @Test
    void aDirectoryWhoseProcessWasKilledIsWholeAndAfterItIsOpenedAndClosedToo() throws Exception {
        int swapped = 0;
        for (int life = 0; life < LIVES; life++) {
            live(life, 1 + 7 * life);
            swapped += names("table-0", ".swap").size();
            String report = verify(data);
            assertTrue(report.startsWith("0\n") && report.contains("clean"), report);
        }
        assertTrue(swapped > 0, "what a kill leaves of a compaction is part of what is proven");
        assertTrue(!names("stream-0", ".log").contains("00000000000000000000.log"), "retention, too");
        Semel.open(data).close();
        String report = verify(data);
        assertTrue(report.startsWith("0\n") && report.contains("table-0: records="), report);
        assertEquals(List.of(), names("table-0", ".swap"));
    }
}
