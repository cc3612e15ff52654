package io.semel.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import io.semel.benchmarks.chart.PriceChart;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Draws results. */
@Command(name = "chart", mixinStandardHelpOptions = true, sortOptions = false, description = {
    "Draws the price of each semantics, throughput and p99 by records a commit, as SVG, from what",
    "`bench semantics --out FILE.json` wrote."})
final class ChartCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE.json", description = "The results.")
    private Path results;

    @Parameters(index = "1", paramLabel = "FILE.svg", description = "Is written, or written over.")
    private Path picture;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        String text;
        try {
            text = Files.readString(results);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "unreadable results: " + results + ": " + e);
        }
        try {
            Files.writeString(picture, PriceChart.of(text));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "nothing to draw in " + results + ": " + e.getMessage());
        }
        return 0;
    }
}
