package io.semel.server.dump;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.log.batch.codec.Codec;
import io.semel.log.batch.codec.Compression;
import io.semel.server.CommandLines;

import picocli.CommandLine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DumpCommandTest {
    private static final String PLAIN = "position=0 offsets=10..11 size=129 leaderEpoch=3 producer=none kind=plain "
            + "records=2 time=2023-11-14T22:13:20Z..2023-11-14T22:13:20.005Z crc=ok";
    private static final String TRANSACTIONAL = "position=129 offsets=12..12 size=69 leaderEpoch=3 "
            + "producer=41 epoch=2 sequence=120 kind=transactional "
            + "records=1 time=2023-11-14T22:13:20.007Z..2023-11-14T22:13:20.007Z crc=ok";
    private static final String MARKER = "position=198 offsets=13..13 size=78 leaderEpoch=3 "
            + "producer=41 epoch=2 sequence=none kind=control:COMMIT coordinatorEpoch=9 "
            + "records=1 time=2023-11-14T22:13:20.008Z..2023-11-14T22:13:20.008Z crc=ok";
    private static final int SOUND_LENGTH = 276;
    private static final int TRANSACTIONAL_POSITION = 129;
    private static final int MARKER_POSITION = 198;

    @TempDir
    private Path scratch;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int dump(Path file, String... options) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine commandLine = CommandLines.prepare(new CommandLine(new DumpCommand()));
        commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        String[] arguments = Arrays.copyOf(options, options.length + 1);
        arguments[options.length] = file.toString();
        return commandLine.execute(arguments);
    }

    private Path segment(byte[] bytes) throws IOException {
        return Files.write(scratch.resolve("00000000000000000010.log"), bytes);
    }

    private List<String> lines() {
        return out.toString().lines().toList();
    }

    private void assertStopped(String mustSay) {
        assertEquals(1, err.toString().lines().count(), err::toString);
        assertTrue(err.toString().contains(mustSay), err::toString);
    }

    @Test
    void aLinePerBatchAndTheUnusedTail() throws IOException {
        byte[] bytes = HandMadeSegment.ofThreeBatches().unused(4096).bytes();
        Path file = segment(bytes);
        assertEquals(0, dump(file), err::toString);
        assertEquals(List.of(PLAIN, TRANSACTIONAL, MARKER, "position=276 unused=4096"), lines());
        assertEquals("", err.toString());
        assertArrayEquals(bytes, Files.readAllBytes(file));
    }

    @Test
    void recordsStandBelowTheirBatch() throws IOException {
        assertEquals(0, dump(segment(HandMadeSegment.ofThreeBatches().bytes()), "--records"), err::toString);
        assertEquals(List.of(PLAIN,
                "  offset=10 time=2023-11-14T22:13:20Z key=\"key\" value=\"a value longer than one line\""
                        + " header:\"trace\"=\"\\x00\\xff\" header:\"none\"=null",
                "  offset=11 time=2023-11-14T22:13:20.005Z key=null value=\"say \\\"hi\\\"\"",
                TRANSACTIONAL,
                "  offset=12 time=2023-11-14T22:13:20.007Z key=\"k\" value=null",
                MARKER,
                "  offset=13 time=2023-11-14T22:13:20.008Z key=\"\\x00\\x00\\x00\\x01\""
                        + " value=\"\\x00\\x00\\x00\\x00\\x00\\x09\""),
                lines());
    }

    @Test
    void compressedBatchesShowTheirCodecAndTheirRecords() throws IOException {
        for (Codec codec : List.of(Codec.GZIP, Codec.SNAPPY, Codec.LZ4, Codec.ZSTD)) {
            Path file = segment(HandMadeSegment.ofOneBatch(Compression.of(codec)).bytes());
            assertEquals(0, dump(file, "--records"), err::toString);
            assertEquals(3, lines().size(), out::toString);
            assertTrue(lines().get(0).contains(" records=2 "), out::toString);
            assertTrue(lines().get(0).endsWith(" compression=" + codec.kafkaName() + " crc=ok"), out::toString);
            assertTrue(lines().get(2).startsWith("  offset=21 time=2023-11-14T22:13:20Z key=\"key\" value=\"once and"),
                    out::toString);
        }
    }

    @Test
    void aCodecThatNobodyKnowsIsNamedInPlaceOfItsRecords() throws IOException {
        byte[] bytes = HandMadeSegment.ofThreeBatches().bytes();
        ByteBuffer batch = ByteBuffer.wrap(bytes);
        batch.putShort(RecordBatchLayout.ATTRIBUTES_POSITION, (short) 5);
        // The same producer id and sequence: only the CRC is new.
        RecordBatchWriter.resequence(batch, 0, -1, (short) -1, -1);
        assertEquals(0, dump(segment(bytes), "--records"), err::toString);
        assertTrue(lines().get(0).endsWith(" compression=5 crc=ok"), out::toString);
        assertTrue(lines().get(1).startsWith("  not shown: compression code 5 is unknown"), out::toString);
        assertEquals(TRANSACTIONAL, lines().get(2));
    }

    @Test
    void offsetAndLimitChooseBatches() throws IOException {
        Path file = segment(HandMadeSegment.ofThreeBatches().unused(100).bytes());
        assertEquals(0, dump(file, "--offset", "11", "--limit", "2"));
        assertEquals(List.of(PLAIN, TRANSACTIONAL), lines());
        assertEquals(0, dump(file, "--offset", "12", "--limit", "1"));
        assertEquals(List.of(TRANSACTIONAL), lines());
    }

    @Test
    void aFlippedByteStopsAtItsBatch() throws IOException {
        byte[] bytes = HandMadeSegment.ofThreeBatches().bytes();
        bytes[TRANSACTIONAL_POSITION + 65] ^= 1;
        assertEquals(1, dump(segment(bytes)));
        assertEquals(List.of(PLAIN, TRANSACTIONAL.replace("crc=ok", "crc=BAD")), lines());
        assertStopped("stopped at position 129 of ");
        assertStopped("BAD_CRC");
    }

    @Test
    void aTornBatchStopsThere() throws IOException {
        byte[] bytes = HandMadeSegment.ofThreeBatches().bytes();
        assertEquals(1, dump(segment(Arrays.copyOf(bytes, SOUND_LENGTH - 1))));
        assertEquals(List.of(PLAIN, TRANSACTIONAL), lines());
        assertStopped("position 198");
        assertStopped("TRUNCATED");
    }

    @Test
    void zerosWithSomethingBehindThemAreNotUnused() throws IOException {
        byte[] bytes = HandMadeSegment.ofThreeBatches().unused(100_000).bytes();
        bytes[SOUND_LENGTH + 90_000] = 7;
        assertEquals(1, dump(segment(bytes)));
        assertStopped("position 276");
        assertStopped("something from position 90276 on");
    }

    @Test
    void anEmptySegmentIsSound() throws IOException {
        assertEquals(0, dump(segment(new byte[0])), err::toString);
        assertEquals("", out.toString());
    }

    @Test
    void badInputIsOneLineAndExitCodeTwo() throws IOException {
        assertEquals(2, dump(scratch.resolve("none.log")));
        assertStopped("no such file");
        assertEquals(2, dump(scratch));
        assertStopped("nothing to show");
        assertEquals(2, dump(Files.writeString(scratch.resolve("letter.txt"), "dear reader, ".repeat(20))));
        assertStopped("not a segment");
        assertEquals(2, dump(Files.writeString(scratch.resolve("short.txt"), "dear")));
        assertStopped("not a segment");
        assertEquals(2, dump(segment(new byte[0]), "--limit", "0"));
        assertStopped("--limit out of range");
    }

    @Test
    void aCopyUnderAnotherNameIsASegmentToo() throws IOException {
        Path copy = Files.write(scratch.resolve("copy"), HandMadeSegment.ofThreeBatches().bytes());
        assertEquals(0, dump(copy), err::toString);
        assertEquals(3, lines().size());
    }

    @Test
    void whereverItIsCutItEndsInOneSentence() throws IOException {
        byte[] bytes = HandMadeSegment.ofThreeBatches().bytes();
        for (int length = 0; length < bytes.length; length++) {
            int code = dump(segment(Arrays.copyOf(bytes, length)), "--records");
            int expected = isZeroFromTheBatchOn(length) ? 0 : 1;
            assertEquals(expected, code, "cut at " + length + ": " + err);
            assertEquals(expected, err.toString().lines().count(), "cut at " + length + ": " + err);
        }
    }

    /** A base offset below 256 begins with seven zeros: so little of a batch can't be told from unused room. */
    private static boolean isZeroFromTheBatchOn(int end) {
        int start = end < TRANSACTIONAL_POSITION ? 0 : end < MARKER_POSITION ? TRANSACTIONAL_POSITION : MARKER_POSITION;
        return end - start < Long.BYTES;
    }

    @Test
    void whereverAByteIsWrongItEndsInOneSentence() throws IOException {
        byte[] sound = HandMadeSegment.ofThreeBatches().bytes();
        for (int position = 0; position < sound.length; position++) {
            byte[] bytes = sound.clone();
            bytes[position] ^= (byte) 0x81;
            int code = dump(segment(bytes), "--records");
            assertTrue(code == 0 || code == 1, "byte " + position + ": " + err);
            assertEquals(code, err.toString().lines().count(), "byte " + position + ": " + err);
        }
    }
}
