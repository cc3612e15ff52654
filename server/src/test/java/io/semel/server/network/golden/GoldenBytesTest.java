package io.semel.server.network.golden;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.server.network.OpenServer;
import io.semel.server.network.WireClient;
import io.semel.server.network.golden.GoldenBytes.Direction;
import io.semel.server.network.golden.GoldenBytes.Golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What kafka-clients writes and reads is what the server's codec reads and writes, byte by byte. */
class GoldenBytesTest {
    /** Records go by codecs of our own, which copy nothing; the relocated classes know them as types alone. */
    private static final Set<String> WITH_RECORDS = Set.of("PRODUCE REQUEST", "FETCH RESPONSE",
            "SHARE_FETCH RESPONSE");

    @Test
    void theBytesAreThoseThatKafkaClientsEncodes() throws IOException {
        assertEquals(text(GoldenBytes.make()), text(GoldenBytes.read()));
    }

    /** Encoded from the schema, read and written by the classes that clients use. */
    @Test
    void kafkaClientsOwnMessagesReadAndWriteTheseBytes() throws IOException {
        for (Golden golden : GoldenBytes.read()) {
            ApiMessageType type = ApiMessageType.fromApiKey(golden.key().id);
            Message message = golden.direction() == Direction.REQUEST ? type.newRequest() : type.newResponse();
            message.read(new ByteBufferAccessor(ByteBuffer.wrap(golden.bytes())), golden.version());
            ObjectSerializationCache cache = new ObjectSerializationCache();
            ByteBuffer written = ByteBuffer.allocate(message.size(cache, golden.version()));
            message.write(new ByteBufferAccessor(written), cache, golden.version());
            assertArrayEquals(golden.bytes(), written.array(), () -> named(golden));
        }
    }

    @Test
    void theRelocatedMessagesReadAndWriteTheseBytes() throws IOException {
        for (Golden golden : GoldenBytes.read()) {
            if (WITH_RECORDS.contains(golden.key() + " " + golden.direction())) {
                continue;
            }
            io.semel.wire.message.ApiMessageType type = io.semel.wire.message.ApiMessageType.fromApiKey(golden
                    .key().id);
            io.semel.wire.protocol.Message message = golden.direction() == Direction.REQUEST
                    ? type.newRequest()
                    : type.newResponse();
            message.read(new io.semel.wire.protocol.ByteBufferAccessor(ByteBuffer.wrap(golden.bytes())), golden
                    .version());
            assertArrayEquals(golden.bytes(), written(message, golden.version()), () -> named(golden));
        }
    }

    private static byte[] written(io.semel.wire.protocol.Message message, short version) {
        var cache = new io.semel.wire.protocol.ObjectSerializationCache();
        ByteBuffer written = ByteBuffer.allocate(message.size(cache, version));
        message.write(new io.semel.wire.protocol.ByteBufferAccessor(written), cache, version);
        return written.array();
    }

    @Test
    void everyVersionThatIsAdvertisedHasItsBytes(@TempDir Path directory) throws IOException {
        Set<String> kept = GoldenBytes.read().stream().map(golden -> golden.key() + " " + golden.version())
                .collect(Collectors.toSet());
        try (OpenServer open = OpenServer.in(directory); WireClient client = WireClient.to(open.server().port())) {
            ApiVersionsResponseData answer = client.ask(ApiKeys.API_VERSIONS, 3, new ApiVersionsRequestData()
                    .setClientSoftwareName("golden").setClientSoftwareVersion("1"));
            answer.apiKeys().forEach(each -> {
                ApiKeys key = ApiKeys.forId(each.apiKey());
                for (int version = each.minVersion(); version <= each.maxVersion(); version++) {
                    if (version >= key.oldestVersion()) {
                        assertTrue(kept.contains(key + " " + version), key + " " + version);
                    }
                }
            });
        }
    }

    private static String text(List<Golden> all) {
        return all.stream().map(Golden::toString).collect(Collectors.joining("\n"));
    }

    private static String named(Golden golden) {
        return golden.key() + " version " + golden.version() + ", " + golden.direction();
    }
}
