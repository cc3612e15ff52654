package io.semel.server.network.golden;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.types.Schema;

/**
 * The bytes of every API that a client may call, in every version, request and response, as kafka-clients encodes them:
 * kept in {@code golden.gz}, a line {@code key version direction hex} for each. Made again by the main method, with the
 * file as its argument, when kafka-clients learns new versions; what else changes then changes what clients send.
 */
public final class GoldenBytes {
    private static final String RESOURCE = "golden.gz";

    private GoldenBytes() {
    }

    /** Which way a message goes. */
    public enum Direction {
        REQUEST, RESPONSE
    }

    /** One message of one version. */
    public record Golden(ApiKeys key, short version, Direction direction, byte[] bytes) {
        @Override
        public String toString() {
            return key.id + " " + version + " " + direction + " " + HexFormat.of().formatHex(bytes);
        }

        static Golden parse(String line) {
            String[] parts = line.split(" ", -1);
            return new Golden(ApiKeys.forId(Integer.parseInt(parts[0])), Short.parseShort(parts[1]), Direction.valueOf(
                    parts[2]), HexFormat.of().parseHex(parts[3]));
        }
    }

    public static void main(String[] arguments) throws IOException {
        try (Writer out = new OutputStreamWriter(new GZIPOutputStream(Files.newOutputStream(Path.of(arguments[0]))),
                StandardCharsets.US_ASCII)) {
            for (Golden golden : make()) {
                out.write(golden + "\n");
            }
        }
    }

    /** As the kafka-clients on the class path encodes them. */
    static List<Golden> make() {
        List<Golden> all = new ArrayList<>();
        for (ApiKeys key : ApiKeys.apisForListener(ListenerType.BROKER)) {
            ApiMessageType type = ApiMessageType.fromApiKey(key.id);
            for (short version = type.lowestSupportedVersion(); version <= type.highestSupportedVersion(
                    false); version++) {
                all.add(make(key, version, Direction.REQUEST, type.requestSchemas()[version]));
                all.add(make(key, version, Direction.RESPONSE, type.responseSchemas()[version]));
            }
        }
        return all;
    }

    private static Golden make(ApiKeys key, short version, Direction direction, Schema schema) {
        return new Golden(key, version, direction, FilledMessage.of(schema));
    }

    /** As they are kept. */
    public static List<Golden> read() throws IOException {
        try (InputStream content = GoldenBytes.class.getResourceAsStream(RESOURCE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(new GZIPInputStream(content),
                        StandardCharsets.US_ASCII))) {
            return lines.lines().map(Golden::parse).toList();
        }
    }
}
