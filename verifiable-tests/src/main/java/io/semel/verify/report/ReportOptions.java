package io.semel.verify.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

import io.semel.server.UsageException;

import picocli.CommandLine.Option;

/** Where a report goes beside the terminal. */
public final class ReportOptions {
    @Option(names = "--json", paramLabel = "FILE", description = "Write the result there, too, as one JSON object.")
    private Path json;

    @Option(names = "--html", paramLabel = "FILE", description = "Write the result there, too, as a page with a picture of who did what when.")
    private Path html;

    public boolean hasPicture() {
        return html != null;
    }

    /** Before the work, so that nobody learns behind it that it can't be written. */
    public void requireWritable() {
        requireWritable("--json", json);
        requireWritable("--html", html);
    }

    private static void requireWritable(String option, Path file) {
        if (file == null) {
            return;
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, "");
        } catch (IOException e) {
            throw new UsageException(option + " can't be written: " + file + "; name a file where you may write", e);
        }
    }

    /** Prints the report, and writes it wherever it is wanted. */
    public void publish(PrintWriter out, Report report) throws IOException {
        if (json != null) {
            Files.writeString(json, JsonReport.of(report) + '\n');
        }
        if (html != null) {
            Files.writeString(html, HtmlReport.of(report));
        }
        TextReport.print(out, report);
    }
}
