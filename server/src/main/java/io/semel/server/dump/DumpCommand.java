package io.semel.server.dump;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

import io.semel.log.batch.BatchCheck;
import io.semel.log.batch.CorruptBatchException;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;
import io.semel.log.batch.codec.UnsupportedCompressionException;
import io.semel.server.CommandLines;
import io.semel.server.UsageException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code semel dump}. */
@Command(name = "dump", sortOptions = false, header = "Shows what stands in a segment file.", description = {
    "",
    "One line per batch, up to the first that is not sound; zeros behind the last batch are unused room. Only reads, and "
            + "takes no lock: the directory may be open elsewhere. In a segment that is being appended to, a batch that is "
            + "not finished yet looks like a torn one.",
    ""}, footer = {
        "",
        "Exit codes: 0 sound to the end, 1 something else than a batch or zeros was met, 2 bad input.",
        "",
        "Examples:",
        "  ./semel dump /tmp/mine/orders-0/00000000000000000000.log",
        "  ./semel dump /tmp/mine/orders-0/00000000000000000000.log --records --offset 100 --limit 3",
        "  ./semel dump /tmp/mine/orders-0/00000000000000000000.log --hex --limit 1"})
public final class DumpCommand implements Callable<Integer> {
    private static final Pattern SEGMENT_NAME = Pattern.compile("\\d{20}\\.log");

    @Parameters(paramLabel = "FILE.log", description = "The segment.")
    private Path file;

    @Option(names = "--offset", paramLabel = "N", defaultValue = "0", description = "Begin with the batch that holds this offset, or the next one (default: ${DEFAULT-VALUE}).")
    private long offset;

    @Option(names = "--limit", paramLabel = "N", defaultValue = ""
            + Long.MAX_VALUE, showDefaultValue = Visibility.NEVER, description = "Batches at most (default: all).")
    private long limit;

    @Option(names = "--records", description = "Show the records of each batch too.")
    private boolean withRecords;

    @Option(names = "--hex", description = "Show each batch as annotated bytes.")
    private boolean withHex;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        UsageException.requireInRange("--offset", offset, 0, Long.MAX_VALUE);
        UsageException.requireInRange("--limit", limit, 1, Long.MAX_VALUE);
        requireFile();
        try (SegmentWalk walk = SegmentWalk.open(file)) {
            return show(walk);
        } catch (LinkageError e) {
            throw new UsageException("--hex needs Chronicle Bytes and JVM flags for it: start it by ./semel dump in a "
                    + "checkout (" + e + ")", e);
        } finally {
            out().flush();
        }
    }

    private void requireFile() {
        if (!Files.exists(file)) {
            throw new UsageException("no such file: " + file);
        }
        if (Files.isDirectory(file)) {
            throw new UsageException("a directory, not a file: " + file + "; name one of the .log files in it");
        }
        if (!Files.isReadable(file)) {
            throw new UsageException("file can't be read: " + file + "; its permissions forbid it");
        }
    }

    private int show(SegmentWalk walk) throws IOException {
        long shown = 0;
        BatchCheck found = walk.step();
        if (!walk.isShowable() && !SEGMENT_NAME.matcher(file.getFileName().toString()).matches()) {
            throw new UsageException("not a segment: " + file + "; it does not begin with a batch, and is not named "
                    + "by an offset of 20 digits and .log");
        }
        while (found == BatchCheck.WHOLE) {
            RecordBatchView batch = walk.view();
            if (batch.lastOffset() >= offset) {
                try {
                    show(walk.position(), batch);
                } catch (CorruptBatchException e) {
                    return stop(walk, "the CRC holds, but the records contradict the format: " + e.getMessage());
                }
                shown++;
                if (shown == limit) {
                    return CommandLines.GOOD;
                }
            }
            found = walk.step();
        }
        return found == BatchCheck.EMPTY ? showZeros(walk) : showDamage(walk, found);
    }

    private void show(long position, RecordBatchView batch) {
        out().println(Shown.batch(position, batch));
        if (withRecords) {
            showRecords(batch);
        }
        if (withHex) {
            out().print(AnnotatedHex.ofBatch(position, batch));
        }
    }

    private void showRecords(RecordBatchView batch) {
        RecordCursor record = new RecordCursor();
        try {
            record.wrap(batch);
        } catch (UnsupportedCompressionException e) {
            out().println("  not shown: " + e.getMessage());
            return;
        }
        while (record.next()) {
            out().println(Shown.record(record));
        }
    }

    private int showZeros(SegmentWalk walk) throws IOException {
        long endOfZeros = walk.endOfZeros();
        if (endOfZeros != walk.end()) {
            return stop(walk, "zeros, and then something from position " + endOfZeros
                    + " on: a batch that was claimed and not published, or damage");
        }
        if (walk.position() != walk.end()) {
            out().println("position=" + walk.position() + " unused=" + (walk.end() - walk.position()));
        }
        return CommandLines.GOOD;
    }

    private int showDamage(SegmentWalk walk, BatchCheck found) {
        if (walk.isShowable()) {
            out().println(Shown.batch(walk.position(), walk.view()));
        }
        if (withHex) {
            out().print(walk.isShowable()
                    ? AnnotatedHex.ofDamagedBatch(walk.position(), walk.view())
                    : AnnotatedHex.ofBytes(walk.position(), walk.bytes()));
        }
        return stop(walk, found + ", " + why(found));
    }

    private static String why(BatchCheck found) {
        return switch (found) {
            case WHOLE -> "a sound batch";
            case EMPTY -> "nothing was written here";
            case TRUNCATED -> "the batch or its header would end behind the file's end";
            case BAD_MAGIC -> "the version of the format is not 2";
            case BAD_LENGTH -> "the length is too short for a header";
            case BAD_CRC -> "the bytes are not those that the CRC was computed of";
            case BAD_COUNTS -> "the CRC holds, but offsets, record count and size contradict each other";
        };
    }

    /** After what stands before it, so that the two streams tell one story. */
    private int stop(SegmentWalk walk, String why) {
        out().flush();
        spec.commandLine().getErr().println("semel: stopped at position " + walk.position() + " of " + file + ": "
                + why);
        return CommandLines.DAMAGE;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
