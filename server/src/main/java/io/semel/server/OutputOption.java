package io.semel.server;

import java.io.PrintWriter;
import java.util.List;

import io.semel.server.inspect.Fields;

import picocli.CommandLine.Option;

/** In which form a command prints what it found: for people, or for programs. */
public final class OutputOption {
    @Option(names = "--json", description = "One JSON object per line.")
    private boolean json;

    public boolean isJson() {
        return json;
    }

    /** Prints lines for programs; the caller prints those for people himself. */
    public static void print(PrintWriter out, List<Fields> lines) {
        lines.forEach(line -> out.println(line.json()));
        out.flush();
    }
}
