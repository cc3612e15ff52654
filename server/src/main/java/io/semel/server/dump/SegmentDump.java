package io.semel.server.dump;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;

import io.semel.log.batch.BatchCheck;
import io.semel.log.batch.CorruptBatchException;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;
import io.semel.log.batch.codec.UnsupportedCompressionException;
import io.semel.server.inspect.Fields;

/** One segment, batch by batch, up to the first that is not sound. Thread rule: one thread, once. */
final class SegmentDump {
    private final Path file;
    private final SegmentWalk walk;
    private final DumpRange range;
    private final DumpView view;
    private final PrintWriter out;

    SegmentDump(Path file, SegmentWalk walk, DumpRange range, DumpView view, PrintWriter out) {
        this.file = file;
        this.walk = walk;
        this.range = range;
        this.view = view;
        this.out = out;
    }

    /** What is shown: batches that hold offsets {@code from..to}, {@code limit} at most. */
    record DumpRange(long from, long to, long limit) {
    }

    /** How it is shown; a hex view of the batch that holds {@code hexOffset}. */
    record DumpView(Format format, Detail detail, long hexOffset) {
        static final long NO_HEX = -1;
        static final long ALL_HEX = Long.MAX_VALUE;

        boolean hasHex(RecordBatchView batch) {
            return hexOffset == ALL_HEX || hexOffset >= batch.baseOffset() && hexOffset <= batch.lastOffset();
        }
    }

    enum Format {
        TEXT, JSON
    }

    enum Detail {
        BATCHES, RECORDS
    }

    /** Returns what stopped it and where, or nothing. */
    String show() throws IOException {
        long shown = 0;
        BatchCheck found = walk.step();
        while (found == BatchCheck.WHOLE) {
            RecordBatchView batch = walk.view();
            if (batch.baseOffset() > range.to()) {
                return "";
            }
            if (batch.lastOffset() >= range.from()) {
                try {
                    show(walk.position(), batch);
                } catch (CorruptBatchException e) {
                    return stop("the CRC holds, but the records contradict the format: " + e.getMessage());
                }
                if (++shown == range.limit()) {
                    return "";
                }
            }
            found = walk.step();
        }
        return found == BatchCheck.EMPTY ? showZeros() : showDamage(found);
    }

    private void show(long position, RecordBatchView batch) {
        if (view.hexOffset() != DumpView.NO_HEX && !view.hasHex(batch)) {
            return;
        }
        out.println(view.format() == Format.JSON ? Shown.batchFields(position, batch).with("file", file.toString())
                .json() : Shown.batch(position, batch));
        if (view.hasHex(batch)) {
            out.print(AnnotatedHex.ofBatch(position, batch));
        }
        if (view.detail() == Detail.RECORDS) {
            showRecords(batch);
        }
    }

    private void showRecords(RecordBatchView batch) {
        RecordCursor record = new RecordCursor();
        try {
            record.wrap(batch);
        } catch (UnsupportedCompressionException e) {
            out.println(view.format() == Format.JSON ? new Fields().with("notShown", e.getMessage()).json()
                    : "  not shown: " + e.getMessage());
            return;
        }
        while (record.next()) {
            Optional<Fields> journal = batch.isControl() ? Optional.empty() : JournalRecords.of(file, record);
            out.println(view.format() == Format.JSON ? json(record, journal) : text(record, journal));
        }
    }

    private static String text(RecordCursor record, Optional<Fields> journal) {
        return journal.map(fields -> "  offset=" + record.offset() + " time=" + Shown.time(record.timestamp()) + ' '
                + fields.text()).orElseGet(() -> Shown.record(record));
    }

    private static String json(RecordCursor record, Optional<Fields> journal) {
        Fields fields = new Fields().with("record", record.offset()).with("time", Shown.time(record.timestamp()));
        return journal.map(found -> fields.with("content", found)).orElseGet(() -> Shown.recordFields(fields, record))
                .json();
    }

    private String showZeros() throws IOException {
        long endOfZeros = walk.endOfZeros();
        if (endOfZeros != walk.end()) {
            return stop("zeros, and then something from position " + endOfZeros
                    + " on: a batch that was claimed and not published, or damage");
        }
        if (walk.position() != walk.end() && view.hexOffset() == DumpView.NO_HEX
                || view.hexOffset() == DumpView.ALL_HEX && walk.position() != walk.end()) {
            Fields unused = new Fields().with("position", walk.position()).with("unused", walk.end() - walk
                    .position());
            out.println(view.format() == Format.JSON ? unused.json() : unused.text());
        }
        return "";
    }

    private String showDamage(BatchCheck found) {
        if (walk.isShowable()) {
            out.println(view.format() == Format.JSON ? Shown.batchFields(walk.position(), walk.view()).json()
                    : Shown.batch(walk.position(), walk.view()));
        }
        if (view.hexOffset() != DumpView.NO_HEX) {
            out.print(walk.isShowable()
                    ? AnnotatedHex.ofDamagedBatch(walk.position(), walk.view())
                    : AnnotatedHex.ofBytes(walk.position(), walk.bytes()));
        }
        return stop(found + ", " + why(found));
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

    private String stop(String why) {
        return "stopped at position " + walk.position() + " of " + file + ": " + why;
    }
}
