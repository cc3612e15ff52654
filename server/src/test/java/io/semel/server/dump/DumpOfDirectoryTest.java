package io.semel.server.dump;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.Semel;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.server.CommandLines;
import io.semel.server.inspect.WrittenDirectory;
import io.semel.transactions.records.GroupMetadataKey;
import io.semel.transactions.records.GroupMetadataMember;
import io.semel.transactions.records.GroupMetadataValue;

import picocli.CommandLine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DumpOfDirectoryTest {
    @TempDir
    private static Path written;
    private static Path data;

    @TempDir
    private Path scratch;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void writeOnce() throws IOException {
        data = WrittenDirectory.write(written.resolve("data"));
    }

    private int dump(Path path, String... options) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine commandLine = CommandLines.prepare(new CommandLine(new DumpCommand()));
        commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        String[] arguments = Arrays.copyOf(options, options.length + 1);
        arguments[options.length] = path.toString();
        return commandLine.execute(arguments);
    }

    private List<String> lines() {
        return out.toString().lines().toList();
    }

    private void assertShows(String regex) {
        assertTrue(lines().stream().anyMatch(line -> line.matches(regex)), () -> regex + "\nnot in\n" + out);
    }

    private Path file(String name, ByteBuffer content) throws IOException {
        return Files.write(scratch.resolve(name), content.array());
    }

    @Test
    void indexesAreShownEntryByEntryAndWhatIsWrongIsNamed() throws IOException {
        ByteBuffer index = ByteBuffer.allocate(16).putInt(5).putInt(4100).putInt(9).putInt(8200);
        assertEquals(0, dump(file("00000000000000000100.index", index)), err::toString);
        assertEquals(List.of("at=0 offset=105 position=4100", "at=8 offset=109 position=8200"), lines());
        index.putLong(8, 0);
        assertEquals(1, dump(file("00000000000000000100.index", index)));
        assertEquals(List.of("at=0 offset=105 position=4100", "at=8 offset=100 position=0"), lines());
        assertTrue(err.toString().contains("entry 1 at position 8 does not ascend"), err::toString);
        assertEquals(1, dump(file("00000000000000000100.index", ByteBuffer.allocate(3))));
        assertTrue(err.toString().contains("3 bytes behind the last whole entry"), err::toString);
    }

    @Test
    void timeIndexesAreShownEntryByEntry() throws IOException {
        ByteBuffer index = ByteBuffer.allocate(24).putLong(1_700_000_000_000L).putInt(5).putLong(1_700_000_000_001L)
                .putInt(9);
        assertEquals(0, dump(file("00000000000000000100.timeindex", index)), err::toString);
        assertEquals(List.of("at=0 time=2023-11-14T22:13:20Z offset=105",
                "at=12 time=2023-11-14T22:13:20.001Z offset=109"), lines());
        assertEquals(0, dump(scratch, "--json"), err::toString);
        assertEquals("{\"at\":0,\"time\":\"2023-11-14T22:13:20Z\",\"offset\":105,\"file\":\"" + scratch.resolve(
                "00000000000000000100.timeindex") + "\"}", lines().get(0));
    }

    @Test
    void textFilesAreShown() throws IOException {
        assertEquals(0, dump(Files.writeString(scratch.resolve("leader-epoch-checkpoint"), "0\n2\n0 0\n3 17\n")));
        assertEquals(List.of("epoch=0 startOffset=0", "epoch=3 startOffset=17"), lines());
        assertEquals(1, dump(Files.writeString(scratch.resolve("leader-epoch-checkpoint"), "0\n7\n0 0\n")));
        assertEquals(0, dump(data.resolve("orders-0").resolve("log-start-offset")), err::toString);
        assertEquals(List.of("log-start-offset=0 crc=ok"), lines());
        assertEquals(1, dump(Files.writeString(scratch.resolve("log-start-offset"), "0\n5\n0\n")));
        assertTrue(err.toString().contains("CRC32C"), err::toString);
        assertEquals(0, dump(data.resolve("meta.properties")));
        assertShows("line=1 text=\"semel.format.version=1\"");
        assertEquals(0, dump(data.resolve("orders-0").resolve("partition.metadata")));
        assertShows("line=2 text=\"topic_id: [0-9a-f-]{36}\"");
    }

    @Test
    void checkpointsShowWhatTheySumUp() throws IOException {
        Path checkpoint = newestCheckpoint();
        assertEquals(0, dump(checkpoint), err::toString);
        assertShows(
                "checkpoint=\\d+ startOffset=0 offset=\\d+ segment=\\d+ position=\\d+ leaderEpoch=0 boot=forced maxTime=.* crc=ok");
        assertShows("producer=0 epoch=\\d+ lastSequence=\\d+ lastTime=.* transactionOffset=-1 endOffset=\\d+ "
                + "batches=\\[(\\{sequences=\\d+\\.\\.\\d+ offset=\\d+}(, )?)+]");
        assertShows("aborted=\\d+ firstOffset=\\d+ markerOffset=\\d+");
        byte[] bytes = Files.readAllBytes(checkpoint);
        bytes[bytes.length - 1] ^= 1;
        assertEquals(1, dump(Files.write(scratch.resolve("checkpoint-a"), bytes)));
        assertShows("checkpoint=\\d+ .* crc=BAD");
        assertTrue(err.toString().contains("not the CRC32C of its"), err::toString);
    }

    /** The one that was taken when the log was closed; the other one stands wherever the flusher was. */
    private Path newestCheckpoint() {
        Path first = data.resolve("orders-0").resolve("checkpoint-a");
        Path second = data.resolve("orders-0").resolve("checkpoint-b");
        return numberOf(first) > numberOf(second) ? first : second;
    }

    private long numberOf(Path checkpoint) {
        dump(checkpoint);
        return Long.parseLong(lines().get(0).replaceFirst("checkpoint=(\\d+) .*", "$1"));
    }

    @Test
    void whereverACheckpointIsCutItEndsInOneSentence() throws IOException {
        byte[] bytes = Files.readAllBytes(data.resolve("orders-0").resolve("checkpoint-a"));
        for (int length = 0; length < bytes.length; length += 7) {
            assertEquals(1, dump(Files.write(scratch.resolve("checkpoint-b"), Arrays.copyOf(bytes, length))));
            assertEquals(1, err.toString().lines().count(), err::toString);
        }
    }

    @Test
    void recordsOfJournalsAreShownFieldByField() {
        assertEquals(0, dump(data.resolve("__semel_metadata-0"), "--records"), err::toString);
        assertShows(" {2}offset=\\d+ time=\\S+ type=TOPIC_CREATED id=\\S+ name=orders partitionCount=2 "
                + "configs=\\{max.message.bytes=16384 segment.bytes=65536} time=\\S+");
        assertShows(" {2}offset=\\d+ .*type=PRODUCER_ID_BLOCK nextProducerId=1000");
        assertShows(" {2}offset=\\d+ .*type=TOPIC_DELETED id=\\S+ name=gone time=\\S+");
        assertEquals(0, dump(data.resolve("__transaction_state-0"), "--records"), err::toString);
        assertShows(" {2}offset=.*transactionalId=writer status=PREPARE_COMMIT producerId=0 producerEpoch=0 .*"
                + "partitions=\\[.*\\{topic=orders partition=0 id=\\S+ firstOffset=0}.*");
        assertEquals(0, dump(data.resolve("__consumer_offsets-0"), "--records"), err::toString);
        assertShows(" {2}offset=0 .*type=OFFSET_COMMIT group=readers topic=orders partition=0 committed=0 .*");
        assertEquals(0, dump(data.resolve("__consumer_offsets-0"), "--records", "--json", "--from", "0", "--to", "0"));
        assertShows(
                "\\{\"record\":0,\"time\":\"\\S+\",\"content\":\\{\"type\":\"OFFSET_COMMIT\",\"group\":\"readers\".*");
    }

    @Test
    void aGroupsGenerationsAndItsEndAreShown() throws IOException {
        GroupMetadataMember member = new GroupMetadataMember("m-1", "i-1", "client", "/host", 60_000, 45_000,
                new byte[12], new byte[7]);
        GroupMetadataValue value = new GroupMetadataValue("consumer", 3, "range", "m-1", 1_700_000_000_000L, List.of(
                member));
        RecordBatchWriter writer = new RecordBatchWriter(512, 512).begin(1_700_000_000_000L);
        byte[] key = bytes(new GroupMetadataKey("readers").encode());
        writer.tryAppend(1_700_000_000_000L, key, bytes(value.encode()));
        writer.tryAppend(1_700_000_000_000L, key, null);
        ByteBuffer batch = writer.finish();
        RecordBatchLayout.stamp(batch, 0, 0, 0);
        Path partition = Files.createDirectory(scratch.resolve("__consumer_offsets-0"));
        Files.write(partition.resolve("00000000000000000000.log"), bytes(batch));
        assertEquals(0, dump(partition, "--records"), err::toString);
        assertShows(
                " {2}offset=0 .*type=GROUP_METADATA group=readers protocolType=consumer generation=3 protocol=range "
                        + "leader=m-1 time=2023-11-14T22:13:20Z members=\\[\\{memberId=m-1 clientId=client host=/host "
                        + "instanceId=i-1 sessionTimeoutMs=45000 rebalanceTimeoutMs=60000 subscriptionBytes=12 "
                        + "assignmentBytes=7}]");
        assertShows(" {2}offset=1 .*type=GROUP_METADATA group=readers deleted=true");
        assertEquals(0, dump(partition, "--records", "--json"), err::toString);
        assertShows("\\{\"record\":0,.*\"type\":\"GROUP_METADATA\",\"group\":\"readers\".*\"members\":\\[\\{.*");
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    @Test
    void fromAndToChooseBatchesAndFillersAreNamed() {
        assertEquals(0, dump(data.resolve("orders-1"), "--json"), err::toString);
        assertShows(".*\"kind\":\"control:FILLER\".*");
        assertShows(".*\"kind\":\"control:ABORT coordinatorEpoch=0\".*");
        assertShows(".*\"compression\":\"zstd\".*");
        assertEquals(0, dump(data.resolve("orders-0").resolve("00000000000000000000.log"), "--from", "3", "--to", "5"));
        assertEquals(3, lines().size(), out::toString);
        assertEquals(2, dump(data, "--from", "3", "--to", "2"));
        assertEquals(2, dump(data, "--hex", "x"));
    }

    @Test
    void aWholeDirectoryIsShownAlsoWhileItIsOpen() throws IOException {
        assertEquals(0, dump(data), err::toString);
        assertShows("# .*/orders-0/checkpoint-b");
        assertShows("# .*/__transaction_state-0/00000000000000000000.log");
        try (Semel owner = Semel.open(data)) {
            assertEquals(0, dump(data), () -> owner + err.toString());
        }
    }
}
