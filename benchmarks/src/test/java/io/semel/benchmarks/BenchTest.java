package io.semel.benchmarks;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The whole harness with numbers so small that its figures mean nothing: real JVMs, real peers, real files. */
class BenchTest {
    @TempDir
    Path directory;

    private final StringWriter screen = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @Test
    void everyContenderRunsToItsEndAndCleansUp() throws Exception {
        Path out = directory.resolve("results/all.json");
        Path data = directory.resolve("data");
        int exitCode = bench("--rounds", "1", "--records", "1000", "--warm-up-ms", "0", "--dir", data.toString(),
                "--out",
                out.toString());
        assertEquals(0, exitCode, errors::toString);
        String json = Files.readString(out);
        for (String expected : new String[] {"\"S1\"", "\"S2\"", "\"S4\"", "\"S9\"", "\"commit\"", "\"fileSystem\"",
            "chronicle-bytes", "copy-limit-sustained", "aeron-archive", "\"p50Ns\""}) {
            assertTrue(json.contains(expected), () -> expected + " is missing in " + json);
        }
        assertTrue(screen.toString().contains("Chronicle's best append"), screen::toString);
        try (var left = Files.list(data)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void aPartOfTheEngineCanBeMeasuredAlone() {
        assertEquals(0, bench("engine", "--only", "S14", "--quick", "--open-bytes", "3000000", "--dir", directory
                .toString()), errors::toString);
        assertTrue(screen.toString().contains("QUICK"), screen::toString);
        assertTrue(screen.toString().contains("openMs"), screen::toString);
    }

    @Test
    void thePriceOfEachSemanticsIsMeasuredAndDrawn() throws Exception {
        Path out = directory.resolve("price.json");
        Path picture = directory.resolve("price.svg");
        assertEquals(0, bench("semantics", "--only", "price", "--rounds", "1", "--records", "10000", "--warm-up-ms",
                "0", "--dir", directory.toString(), "--out", out.toString()), errors::toString);
        assertEquals(0, bench("chart", out.toString(), picture.toString()), errors::toString);
        String svg = Files.readString(picture);
        assertEquals(8, svg.split("<polyline").length - 1, svg);
        assertTrue(svg.contains("exactly once, Reader and TransactionalAppender"), svg);
    }

    @Test
    void theStagesOfATransactionAddUpToTheWholeAndAProfileNamesPlacesInTheCode() {
        assertEquals(0, bench("semantics", "--stages", "--rounds", "1", "--records", "100000", "--warm-up-ms", "0",
                "--dir", directory.toString(), "--profile"), errors::toString);
        assertTrue(screen.toString().contains("where the time goes: Semel"), screen::toString);
        assertTrue(screen.toString().contains("samples  "), screen::toString);
        assertFalse(screen.toString().contains("Chronicle"), screen::toString);
        assertTrue(screen.toString().contains("decision: journal's claim"), screen::toString);
        assertTrue(screen.toString().contains("100.0 %"), screen::toString);
    }

    @Test
    void onlyResultsCanBeDrawn() throws Exception {
        Path text = Files.writeString(directory.resolve("text"), "no results");
        Path other = Files.writeString(directory.resolve("other.json"), "{\"contenders\": []}");
        String picture = directory.resolve("picture.svg").toString();
        assertEquals(CommandLine.ExitCode.USAGE, bench("chart", text.toString(), picture));
        assertEquals(CommandLine.ExitCode.USAGE, bench("chart", other.toString(), picture));
        assertEquals(CommandLine.ExitCode.USAGE, bench("chart", directory.resolve("none").toString(), picture));
        assertTrue(errors.toString().contains("no contender of the claim PRICE"), errors::toString);
        assertFalse(Files.exists(Path.of(picture)));
    }

    @Test
    void variantsStandBesideEachOther() {
        assertEquals(0, bench("variants", "--only", "CLAIMING", "--rounds", "1", "--records", "10000", "--warm-up-ms",
                "0", "--dir", directory.toString()), errors::toString);
        assertTrue(screen.toString().contains("claim by get-and-add, 4 threads"), screen::toString);
    }

    @Test
    void badInputIsTheCallersMistake() {
        assertEquals(CommandLine.ExitCode.USAGE, bench("--only", "S99"));
        assertEquals(CommandLine.ExitCode.USAGE, bench("--rounds", "0"));
        assertEquals(CommandLine.ExitCode.USAGE, bench("engine", "--open-bytes", "0"));
        assertEquals(CommandLine.ExitCode.USAGE, bench("everything"));
        assertEquals(CommandLine.ExitCode.USAGE, bench("--dir", "/dev/null/nowhere"));
        assertEquals(CommandLine.ExitCode.USAGE, bench("--records", "1000000000000"));
        assertTrue(errors.toString().contains("not enough disk"), errors::toString);
    }

    private int bench(String... arguments) {
        return Bench.commandLine().setOut(new PrintWriter(screen, true)).setErr(new PrintWriter(errors, true))
                .execute(arguments);
    }
}
