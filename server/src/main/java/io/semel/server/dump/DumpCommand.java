package io.semel.server.dump;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.semel.server.CommandLines;
import io.semel.server.UsageException;
import io.semel.server.dump.SegmentDump.Detail;
import io.semel.server.dump.SegmentDump.Format;

import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code semel dump}. */
@Command(name = "dump", sortOptions = false, header = "Shows what stands in the files of a log.", description = {
    "",
    "Segments batch by batch, up to the first that is not sound; indexes, checkpoints with what they sum up, and the other "
            + "files beside them; all files of a directory. Zeros behind the last batch are unused room. Only reads, and "
            + "takes no lock: the directory may be open elsewhere. In a segment that is being appended to, a batch that is "
            + "not finished yet looks like a torn one.",
    ""}, footer = {
        "",
        "Exit codes: 0 sound to the end, 1 something wrong was met, 2 bad input.",
        "",
        "Examples:",
        "  ./semel dump /tmp/mine/orders-0",
        "  ./semel dump /tmp/mine/__transaction_state-0 --records --json",
        "  ./semel dump /tmp/mine/orders-0/checkpoint-a",
        "  ./semel dump /tmp/mine/orders-0/00000000000000000000.log --records --from 100 --to 120",
        "  ./semel dump /tmp/mine/orders-0/00000000000000000000.log --hex 100"})
public final class DumpCommand implements Callable<Integer> {
    private static final Pattern SEGMENT_NAME = Pattern.compile("\\d{20}(-\\d+)?\\.(log|swap|cleaned)");
    private static final String ALL = "all";

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "A file, or a directory with files or partitions.")
    private List<Path> paths;

    @Option(names = {"--from",
        "--offset"}, paramLabel = "N", defaultValue = "0", description = "Begin with the batch that holds this offset, or the next one (default: ${DEFAULT-VALUE}).")
    private long from;

    @Option(names = "--to", paramLabel = "N", defaultValue = ""
            + Long.MAX_VALUE, showDefaultValue = Visibility.NEVER, description = "End with the batch that holds this offset (default: the last).")
    private long to;

    @Option(names = "--limit", paramLabel = "N", defaultValue = ""
            + Long.MAX_VALUE, showDefaultValue = Visibility.NEVER, description = "Batches at most, of each segment (default: all).")
    private long limit;

    @Option(names = "--records", description = "Show the records of each batch too; those of internal topics field by field.")
    private boolean withRecords;

    @Option(names = "--json", description = "One JSON object per line.")
    private boolean json;

    @Option(names = "--hex", paramLabel = "N", description = "Show the batch that holds this offset as annotated bytes; 'all' shows every one.")
    private String hex;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        UsageException.requireInRange("--from", from, 0, Long.MAX_VALUE);
        UsageException.requireInRange("--to", to, from, Long.MAX_VALUE);
        UsageException.requireInRange("--limit", limit, 1, Long.MAX_VALUE);
        SegmentDump.DumpView view = new SegmentDump.DumpView(json ? Format.JSON : Format.TEXT, withRecords
                ? Detail.RECORDS
                : Detail.BATCHES, hexOffset());
        if (json && hex != null) {
            throw new UsageException("--hex is for people and --json for programs; give one of them");
        }
        try {
            return show(view);
        } catch (LinkageError e) {
            throw new UsageException("--hex needs Chronicle Bytes and JVM flags for it: start it by ./semel dump in a "
                    + "checkout (" + e + ")", e);
        } finally {
            out().flush();
        }
    }

    private long hexOffset() {
        if (hex == null) {
            return SegmentDump.DumpView.NO_HEX;
        }
        try {
            long offset = hex.equals(ALL) ? SegmentDump.DumpView.ALL_HEX : Long.parseLong(hex);
            UsageException.requireInRange("--hex", offset, 0, Long.MAX_VALUE);
            return offset;
        } catch (NumberFormatException e) {
            throw new UsageException("--hex takes an offset, or '" + ALL + "'; given '" + hex + "'", e);
        }
    }

    private int show(SegmentDump.DumpView view) throws IOException {
        int code = CommandLines.GOOD;
        for (Path path : paths) {
            List<Path> files = filesOf(path);
            for (Path file : files) {
                if (Files.isDirectory(path) && !json) {
                    out().println("# " + file);
                }
                code = Math.max(code, show(file, view));
            }
        }
        return code;
    }

    /** The file itself, or what Semel may have put into the directory and those in it. */
    private static List<Path> filesOf(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new UsageException("no such file: " + path);
        }
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> tree = Files.walk(path, 2)) {
            List<Path> files = tree.filter(Files::isRegularFile).filter(file -> SideFileDump.knows(file)
                    || isSegmentName(file)).sorted().toList();
            if (files.isEmpty()) {
                throw new UsageException("nothing to show: no file of a log in " + path);
            }
            return files;
        }
    }

    private static boolean isSegmentName(Path file) {
        return SEGMENT_NAME.matcher(file.getFileName().toString()).matches();
    }

    private int show(Path file, SegmentDump.DumpView view) throws IOException {
        if (!Files.isReadable(file)) {
            throw new UsageException("file can't be read: " + file + "; its permissions forbid it");
        }
        if (!SideFileDump.knows(file)) {
            requireSegment(file);
            try (SegmentWalk walk = SegmentWalk.open(file)) {
                return stopped(new SegmentDump(file, walk, new SegmentDump.DumpRange(from, to, limit), view, out())
                        .show());
            }
        }
        if (hex != null) {
            return CommandLines.GOOD;
        }
        String fault = SideFileDump.show(file, fields -> out().println(json ? fields.with("file", file.toString())
                .json()
                : fields.text()));
        return stopped(fault.isEmpty() ? "" : file + ": " + fault);
    }

    private static void requireSegment(Path file) throws IOException {
        if (isSegmentName(file)) {
            return;
        }
        try (SegmentWalk walk = SegmentWalk.open(file)) {
            walk.step();
            if (!walk.isShowable()) {
                throw new UsageException("not a segment: " + file
                        + "; it does not begin with a batch, and is not named "
                        + "by an offset of 20 digits and .log");
            }
        }
    }

    /** After what stands before it, so that the two streams tell one story. */
    private int stopped(String why) {
        if (why.isEmpty()) {
            return CommandLines.GOOD;
        }
        out().flush();
        spec.commandLine().getErr().println("semel: " + why);
        return CommandLines.DAMAGE;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
