package io.semel.server.dump;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.batch.codec.Codec;
import io.semel.log.batch.codec.Compression;
import io.semel.server.SemelCommand;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * In JVMs of their own, started with the very file of flags that the launcher passes: what they print is all there is.
 */
class AnnotatedHexTest {
    private static final String CLASS_PATH = System.getProperty("java.class.path");
    private static final List<String> HEADER_FIELDS = List.of("base offset 12", "length 57", "leader epoch 3",
            "magic 2",
            "CRC32C ok", "attributes transactional uncompressed", "last offset delta 0",
            "base timestamp 2023-11-14T22:13:20.007Z", "max timestamp 2023-11-14T22:13:20.007Z", "producer id 41",
            "producer epoch 2", "base sequence 120", "record count 1");

    @TempDir
    private Path scratch;

    private List<String> out;
    private String err;

    private int dump(List<String> flags, String classPath, Path file, String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        Collections.addAll(command, "-cp", classPath, SemelCommand.class.getName(), "dump", file.toString());
        Collections.addAll(command, options);
        Path outFile = scratch.resolve("out");
        Path errFile = scratch.resolve("err");
        int code = new ProcessBuilder(command).redirectOutput(outFile.toFile()).redirectError(errFile.toFile())
                .start().waitFor();
        out = Files.readAllLines(outFile);
        err = Files.readString(errFile);
        return code;
    }

    private static List<String> launcherFlags() throws Exception {
        return List.of("@" + Path.of(DumpCommand.class.getResource("chronicle-bytes.flags").toURI()));
    }

    private Path segment(byte[] bytes) throws IOException {
        return Files.write(scratch.resolve("00000000000000000010.log"), bytes);
    }

    private static boolean isHex(String line) {
        return line.matches("[0-9a-f]{8} .*");
    }

    private List<String> meanings() {
        return out.stream().filter(AnnotatedHexTest::isHex).map(line -> line.substring(line.indexOf('#') + 2)).toList();
    }

    private byte[] bytesShown() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String line : out.stream().filter(AnnotatedHexTest::isHex).toList()) {
            assertEquals(bytes.size(), Integer.parseInt(line.substring(0, 8), 16), line);
            bytes.writeBytes(HexFormat.of().parseHex(line.substring(9, line.indexOf('#')).replace(" ", "")));
        }
        return bytes.toByteArray();
    }

    @Test
    void everyByteIsShownOnceAndEveryFieldIsNamed() throws Exception {
        byte[] bytes = HandMadeSegment.ofThreeBatches().bytes();
        assertEquals(0, dump(launcherFlags(), CLASS_PATH, segment(bytes), "--hex", "all"), () -> err);
        assertEquals("", err, "nothing but the dump may be printed");
        assertArrayEquals(bytes, bytesShown());
        assertTrue(out.stream().allMatch(line -> isHex(line) || line.startsWith("position=")), out::toString);
        List<String> meanings = meanings();
        assertEquals(HEADER_FIELDS, meanings.subList(meanings.indexOf("base offset 12"), meanings.indexOf(
                "base offset 12") + HEADER_FIELDS.size()));
        assertEquals(List.of("record offset 10, 52 bytes",
                "attributes, time 2023-11-14T22:13:20Z, offset delta, key length 3", "key |key|",
                "value length 28", "value |a value longer t|", "value |han one line|", "headers 2",
                "header key length 5", "header key |trace|", "header value length 2", "header value |..|",
                "header key length 4", "header key |none|", "header value length -1"),
                meanings.subList(HEADER_FIELDS.size(), HEADER_FIELDS.size() + 14));
    }

    @Test
    void aDamagedBatchIsShownToItsEnd() throws Exception {
        byte[] bytes = HandMadeSegment.ofThreeBatches().bytes();
        bytes[193] ^= 1;
        assertEquals(1, dump(launcherFlags(), CLASS_PATH, segment(bytes), "--hex", "all"));
        assertArrayEquals(Arrays.copyOf(bytes, 198), bytesShown());
        assertTrue(meanings().contains("CRC32C BAD"), out::toString);
        assertEquals(1, err.lines().count(), () -> err);
    }

    @Test
    void anOffsetChoosesOneBatchAlsoACompressedOne() throws Exception {
        Path file = segment(HandMadeSegment.ofOneBatch(Compression.of(Codec.GZIP)).bytes());
        assertEquals(0, dump(launcherFlags(), CLASS_PATH, file, "--hex", "21"), () -> err);
        assertArrayEquals(Files.readAllBytes(file), bytesShown());
        assertTrue(meanings().contains("attributes compression gzip"), out::toString);
        assertTrue(meanings().stream().anyMatch(each -> each.startsWith("compressed records |")), out::toString);
        assertEquals(0, dump(launcherFlags(), CLASS_PATH, segment(HandMadeSegment.ofThreeBatches().bytes()), "--hex",
                "13"), () -> err);
        assertTrue(meanings().contains("base offset 13") && !meanings().contains("base offset 12"), out::toString);
        assertTrue(meanings().stream().anyMatch(each -> each.startsWith("attributes transactional control:COMMIT")),
                out::toString);
    }

    @Test
    void withoutHexNeitherTheLibraryNorItsFlagsAreNeeded() throws Exception {
        String bare = Stream.of(CLASS_PATH.split(File.pathSeparator)).filter(entry -> !entry.contains("chronicle"))
                .collect(Collectors.joining(File.pathSeparator));
        Path file = segment(HandMadeSegment.ofThreeBatches().bytes());
        assertEquals(0, dump(List.of(), bare, file, "--records"), () -> err);
        assertEquals("", err);
        assertEquals(2, dump(List.of(), bare, file, "--hex", "all"));
        assertTrue(err.contains("--hex needs Chronicle Bytes") && err.lines().count() == 1, () -> err);
    }
}
