package io.semel.server.inspect;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.Semel;
import io.semel.idempotence.ProducerStates;
import io.semel.log.SideFiles;
import io.semel.log.batch.ControlType;
import io.semel.log.batch.Crc32c;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;
import io.semel.server.CommandLines;

import picocli.CommandLine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class VerifyLogCommandTest {
    /** In a checkpoint, of all its fixed fields the last. */
    private static final int SNAPSHOT_LENGTH_POSITION = 84;

    @TempDir
    private static Path written;

    @TempDir
    private Path scratch;

    private Path data;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void writeOnce() throws IOException {
        WrittenDirectory.write(written.resolve("data"));
    }

    @BeforeEach
    void copy() throws IOException {
        data = scratch.resolve("data");
        try (Stream<Path> tree = Files.walk(written.resolve("data"))) {
            for (Path each : tree.toList()) {
                Files.copy(each, data.resolve(written.resolve("data").relativize(each)));
            }
        }
    }

    private int verify(Path path, String... options) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine commandLine = CommandLines.prepare(new CommandLine(new VerifyLogCommand()));
        commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        String[] arguments = Arrays.copyOf(options, options.length + 1);
        arguments[options.length] = path.toString();
        return commandLine.execute(arguments);
    }

    private void assertFound(Path file, Object position, Object offset, String what) {
        String line = file + " position=" + position + " offset=" + offset + ": " + what;
        assertEquals(1, verify(data), out::toString);
        assertTrue(out.toString().lines().anyMatch(each -> each.startsWith(line)), () -> line + "\nnot in\n" + out);
    }

    private Path orders(String name) {
        return data.resolve("orders-0").resolve(name);
    }

    /** The segments of orders-0, the oldest first. */
    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("orders-0"))) {
            return files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
        }
    }

    private static List<Integer> positions(ByteBuffer segment) {
        List<Integer> positions = new ArrayList<>();
        for (int at = 0; at < segment.limit(); at += RecordBatchLayout.sizeInBytes(segment, at)) {
            positions.add(at);
        }
        return positions;
    }

    private static long offsetAt(Path segment, int position) throws IOException {
        return RecordBatchLayout.baseOffset(ByteBuffer.wrap(Files.readAllBytes(segment)), position);
    }

    private static void flip(Path file, int position) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[position] ^= 1;
        Files.write(file, bytes);
    }

    private static void cut(Path file, int length) throws IOException {
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));
    }

    @Test
    void aCleanDirectoryHasNoFindingsAndStaysAsItIs() throws IOException {
        List<byte[]> before = contents();
        assertEquals(0, verify(data), () -> out + "" + err);
        assertTrue(out.toString().endsWith("clean" + System.lineSeparator()), out::toString);
        assertTrue(out.toString().contains("orders-0: records="), out::toString);
        assertTrue(segments().size() > 3, "several segments are part of what is proven");
        assertEquals(0, verify(data.resolve("orders-0")), out::toString);
        List<byte[]> after = contents();
        for (int index = 0; index < before.size(); index++) {
            assertArrayEquals(before.get(index), after.get(index));
        }
    }

    private List<byte[]> contents() throws IOException {
        List<byte[]> contents = new ArrayList<>();
        try (Stream<Path> tree = Files.walk(data)) {
            for (Path file : tree.filter(each -> Files.isRegularFile(each) && !each.endsWith(".lock")).sorted()
                    .toList()) {
                contents.add(Files.readAllBytes(file));
            }
        }
        return contents;
    }

    @Test
    void aFlippedByteInABatchIsNamed() throws IOException {
        Path segment = segments().get(1);
        int position = positions(ByteBuffer.wrap(Files.readAllBytes(segment))).get(3);
        long offset = offsetAt(segment, position);
        flip(segment, position + RecordBatchLayout.HEADER_LENGTH + 4);
        assertFound(segment, position, offset, "no whole batch");
        assertTrue(out.toString().contains("actual BAD_CRC"), out::toString);
    }

    @Test
    void aCutTailIsNamedAndThatItsCheckpointKnowsMore() throws IOException {
        Path segment = segments().get(segments().size() - 1);
        List<Integer> positions = positions(ByteBuffer.wrap(Files.readAllBytes(segment)));
        int last = positions.get(positions.size() - 1);
        long offset = offsetAt(segment, last);
        cut(segment, last + 10);
        assertFound(segment, last, offset, "no whole batch");
        assertTrue(out.toString().contains("the log ends before its checkpoint"), out::toString);
    }

    @Test
    void aZeroedIndexEntryIsNamed() throws IOException {
        Path index = orders("00000000000000000000.index");
        byte[] bytes = Files.readAllBytes(index);
        Arrays.fill(bytes, 8, 16, (byte) 0);
        Files.write(index, bytes);
        assertFound(index, 8, 0, "offset index has not its shape");
    }

    @Test
    void aWrongIndexPositionIsNamed() throws IOException {
        Path index = orders("00000000000000000000.index");
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(index));
        bytes.putInt(12, bytes.getInt(12) + 1);
        Files.write(index, bytes.array());
        assertFound(index, 8, bytes.getInt(8), "wrong entry in the offset index");
    }

    @Test
    void aWrongOffsetInTheIndexAndAMissingEntryAreNamed() throws IOException {
        Path index = orders("00000000000000000000.index");
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(index));
        bytes.putInt(0, bytes.getInt(0) + 1);
        Files.write(index, bytes.array());
        assertFound(index, 0, bytes.getInt(0), "wrong entry in the offset index");
        cut(index, 16);
        verify(data);
        assertTrue(out.toString().contains("entries missing in the offset index"), out::toString);
    }

    @Test
    void aWrongTimeIndexIsNamed() throws IOException {
        Path index = orders("00000000000000000000.timeindex");
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(index));
        int last = bytes.limit() - 12;
        bytes.putLong(last, bytes.getLong(last) + 1);
        Files.write(index, bytes.array());
        assertFound(index, last, bytes.getInt(last + 8), "wrong entry in the time index");
        cut(index, last);
        verify(data);
        assertTrue(out.toString().contains("the segment's youngest is missing"), out::toString);
    }

    @Test
    void aFlippedCheckpointIsNamed() throws IOException {
        flip(orders("checkpoint-a"), 90);
        assertEquals(1, verify(data), out::toString);
        assertTrue(out.toString().contains(orders("checkpoint-a") + " position=0 "
                + "offset="), out::toString);
        assertTrue(out.toString().contains("checkpoint damaged"), out::toString);
    }

    @Test
    void anotherPartitionsCheckpointDoesNotFit() throws IOException {
        Files.copy(data.resolve("orders-1").resolve("checkpoint-a"), orders("checkpoint-a"),
                StandardCopyOption.REPLACE_EXISTING);
        assertEquals(1, verify(data), out::toString);
        assertTrue(out.toString().contains("checkpoint"), out::toString);
    }

    @Test
    void aMissingSegmentIsNamed() throws IOException {
        List<Path> segments = segments();
        Files.delete(segments.get(1));
        long base = Long.parseLong(segments.get(2).getFileName().toString().substring(0, 20));
        assertFound(segments.get(2), 0, base, "segments do not chain up");
        assertTrue(out.toString().contains(".index position=none offset=" + Long.parseLong(segments.get(1).getFileName()
                .toString().substring(0, 20)) + ": leftover"), out::toString);
    }

    @Test
    void swappedSegmentsAreNamed() throws IOException {
        List<Path> segments = segments();
        byte[] first = Files.readAllBytes(segments.get(1));
        Files.write(segments.get(1), Files.readAllBytes(segments.get(2)));
        Files.write(segments.get(2), first);
        long base = ByteBuffer.wrap(first).getLong(0);
        assertFound(segments.get(2), 0, base, "base offset");
    }

    @Test
    void aWrongLeaderEpochIsNamed() throws IOException {
        Path segment = segments().get(0);
        int position = positions(ByteBuffer.wrap(Files.readAllBytes(segment))).get(2);
        flip(segment, position + RecordBatchLayout.LEADER_EPOCH_POSITION + 3);
        assertFound(segment, position, offsetAt(segment, position), "leader epoch");
    }

    @Test
    void aDecisionWithoutItsMarkerIsNamed() throws IOException {
        dropLastBatch(segments().get(segments().size() - 1));
        Path journal = data.resolve("__transaction_state-0").resolve("00000000000000000000.log");
        dropLastBatch(journal);
        List<Integer> positions = positions(ByteBuffer.wrap(Files.readAllBytes(journal)));
        int last = positions.get(positions.size() - 1);
        assertFound(journal, last, offsetAt(journal, last), "decision without its marker: transactionalId=writer");
    }

    /** Without the checkpoints, which know of it. */
    private static void dropLastBatch(Path segment) throws IOException {
        List<Integer> positions = positions(ByteBuffer.wrap(Files.readAllBytes(segment)));
        cut(segment, positions.get(positions.size() - 1));
        Files.delete(segment.resolveSibling("checkpoint-a"));
        Files.delete(segment.resolveSibling("checkpoint-b"));
    }

    @Test
    void aChangedBaseOffsetIsNamed() throws IOException {
        Path segment = segments().get(1);
        List<Integer> positions = positions(ByteBuffer.wrap(Files.readAllBytes(segment)));
        assertEquals(0, offsetAt(segment, positions.get(2)) % 2);
        // It is not among what the batch's CRC covers.
        flip(segment, positions.get(3) + Long.BYTES - 1);
        long lower = offsetAt(segment, positions.get(3));
        assertFound(segment, positions.get(3), lower, "base offset");
        assertTrue(out.toString().contains("expected " + (lower + 1) + ", actual " + lower + "; remedy: restore"),
                out::toString);
        // A higher one might be a gap that compaction left, so what follows shows it.
        flip(segment, positions.get(2) + Long.BYTES - 1);
        flip(segment, positions.get(3) + Long.BYTES - 1);
        assertFound(segment, positions.get(3), lower + 1, "base offset");
    }

    /** A last stable offset comes of the open transactions that a checkpoint knows. */
    @Test
    void aTransactionThatOnlyTheCheckpointHasOpenIsNamed() throws IOException {
        Path checkpoint = newestCheckpoint();
        SideFiles.CheckpointContent content = SideFiles.checkpoint(ByteBuffer.wrap(Files.readAllBytes(checkpoint)),
                checkpoint).found().orElseThrow();
        ByteBuffer snapshot = content.snapshot().orElseThrow();
        byte[] old = Files.readAllBytes(checkpoint);
        int snapshotAt = old.length - Integer.BYTES - snapshot.remaining();
        int openAt = snapshotAt + openTransactionsIn(snapshot);
        // One more: a producer id and its first offset.
        ByteBuffer wrong = ByteBuffer.allocate(old.length + 2 * Long.BYTES);
        wrong.put(old, 0, openAt).putInt(1).putLong(0).putLong(3);
        wrong.put(old, openAt + Integer.BYTES, old.length - Integer.BYTES - openAt - Integer.BYTES);
        wrong.putInt(SNAPSHOT_LENGTH_POSITION, snapshot.remaining() + 2 * Long.BYTES);
        Files.write(checkpoint, wrong.putInt(Crc32c.compute(wrong, 0, wrong.position())).array());
        assertFound(checkpoint, 0, content.offset(), "open transactions in the snapshot");
        assertTrue(out.toString().contains("expected [], actual [Open[producerId=0, firstOffset=3]]"), out::toString);
    }

    /** Of the close, when no transaction was open; the other one was taken on the way. */
    private Path newestCheckpoint() throws IOException {
        return offsetOf(orders("checkpoint-a")) > offsetOf(orders("checkpoint-b")) ? orders("checkpoint-a")
                : orders("checkpoint-b");
    }

    private static long offsetOf(Path checkpoint) throws IOException {
        return SideFiles.checkpoint(ByteBuffer.wrap(Files.readAllBytes(checkpoint)), checkpoint).found().orElseThrow()
                .offset();
    }

    /** Where the number of open transactions stands: behind the version and the producers. */
    private static int openTransactionsIn(ByteBuffer snapshot) throws IOException {
        ByteBuffer producers = snapshot.duplicate().position(snapshot.position() + Short.BYTES);
        ProducerStates.read(producers);
        return producers.position() - snapshot.position();
    }

    @Test
    void aDecisionThatCantBeReadIsNamed() throws IOException {
        Path journal = data.resolve("__transaction_state-0").resolve("00000000000000000000.log");
        byte[] bytes = Files.readAllBytes(journal);
        ByteBuffer batches = ByteBuffer.wrap(bytes);
        List<Integer> positions = positions(batches);
        int last = positions.get(positions.size() - 1);
        RecordCursor record = new RecordCursor().wrap(new RecordBatchView().wrap(batches, last));
        assertTrue(record.next() && record.valueLength() > 0);
        // The value's version; the CRC is right again.
        batches.putShort(record.valuePosition(), (short) 99);
        int crcFrom = last + RecordBatchLayout.ATTRIBUTES_POSITION;
        int end = last + RecordBatchLayout.sizeInBytes(batches, last);
        batches.putInt(last + RecordBatchLayout.CRC_POSITION, Crc32c.compute(batches, crcFrom, end - crcFrom));
        Files.write(journal, bytes);
        assertFound(journal, last, offsetAt(journal, last), "record");
    }

    @Test
    void sequencesThatDoNotFollowAreNamed() throws IOException {
        HandMadeLog log = new HandMadeLog().data(0, 0).data(0, 1);
        int gap = log.length();
        log.data(0, 3);
        int repeated = log.length();
        Path file = log.data(0, 3).marker(ControlType.COMMIT, 0).writeTo(scratch).resolve("00000000000000000000.log");
        data = file.getParent();
        assertFound(file, gap, 2, "sequence gap: producerId=7 epoch=0, expected 2, actual 3");
        assertFound(file, repeated, 3, "sequence repeated: producerId=7 epoch=0, expected 4, actual 3");
    }

    @Test
    void whatComesBehindAMarkerIsNamedAndWhatIsOpenIsSummedUp() throws IOException {
        HandMadeLog log = new HandMadeLog().data(0, 0).marker(ControlType.ABORT, 1);
        int marker = log.length();
        log.marker(ControlType.COMMIT, 1);
        int late = log.length();
        data = log.data(0, 1).writeTo(scratch);
        Path file = data.resolve("00000000000000000000.log");
        assertFound(file, marker, 2, "marker without data: producerId=7");
        assertFound(file, late, 3, "data after a marker of a newer epoch: producerId=7");
        assertTrue(out.toString().contains(" lso=3 openTransactions=[{producerId=7 firstOffset=3}]"), out::toString);
    }

    @Test
    void theDirectoryIsComparedWithItsMetadata() throws IOException {
        Files.delete(orders("partition.metadata"));
        assertFound(orders("partition.metadata"), "none", "none", "label of the partition");
        Files.createDirectory(data.resolve("stranger-0"));
        assertFound(data.resolve("stranger-0"), "none", "none", "directory of no topic");
        Files.move(data.resolve("orders-1"), data.resolve("orders-9"));
        assertFound(data.resolve("orders-1"), "none", "none", "directory of a partition missing");
        assertFound(data.resolve("orders-9"), "none", "none", "directory of no topic");
    }

    @Test
    void sideFilesAreChecked() throws IOException {
        flip(orders("log-start-offset"), 2);
        assertFound(orders("log-start-offset"), 0, "none", "log start damaged");
        Files.writeString(orders("leader-epoch-checkpoint"), "0\n2\n0 0\n");
        assertFound(orders("leader-epoch-checkpoint"), "none", "none", "leader epochs can't be read");
    }

    @Test
    void anOpenDirectoryIsRefusedUnlessLive() throws IOException {
        try (Semel owner = Semel.open(data)) {
            assertEquals(2, verify(data), owner::toString);
            assertEquals(1, err.toString().lines().count(), err::toString);
            assertEquals(2, verify(data.resolve("orders-0")));
            assertEquals(0, verify(data, "--live"), () -> out + "" + err);
            assertTrue(err.toString().contains("no lock is taken"), err::toString);
        }
    }

    @Test
    void jsonIsOneObjectPerLine() throws IOException {
        flip(orders("checkpoint-a"), 90);
        assertEquals(1, verify(data, "--json"));
        assertTrue(out.toString().lines().allMatch(line -> line.startsWith("{\"") && line.endsWith("}")),
                out::toString);
        assertTrue(out.toString().contains("{\"finding\":\"checkpoint damaged\",\"file\":"), out::toString);
        assertTrue(out.toString().contains("{\"partition\":\"orders-0\",\"summary\":{\"records\":"), out::toString);
    }

    @Test
    void badInputIsOneLineAndExitCodeTwo() throws IOException {
        assertEquals(2, verify(scratch.resolve("none")));
        assertTrue(err.toString().contains("no such directory"), err::toString);
        Path other = Files.createDirectory(scratch.resolve("other"));
        assertEquals(2, verify(other));
        assertTrue(err.toString().contains("neither a data directory nor a partition's"), err::toString);
        assertFalse(Files.exists(other.resolve(".lock")));
    }

    @Test
    void whereverASegmentByteIsWrongItIsFoundAndNothingIsThrown() throws IOException {
        HandMadeLog log = new HandMadeLog().data(0, 0).marker(ControlType.ABORT, 0).data(0, 1).marker(
                ControlType.COMMIT, 0);
        Path directory = log.writeTo(scratch);
        // Without it nothing says that an epoch may not rise.
        Files.writeString(directory.resolve("leader-epoch-checkpoint"), "0\n1\n0 0\n");
        assertEquals(0, verify(directory), out::toString);
        Path file = directory.resolve("00000000000000000000.log");
        byte[] sound = Files.readAllBytes(file);
        for (int position = 0; position < sound.length; position++) {
            byte[] bytes = sound.clone();
            bytes[position] ^= (byte) 0x81;
            Files.write(file, bytes);
            int at = position;
            assertEquals(1, verify(directory), () -> "byte " + at + ": " + out + err);
        }
    }
}
