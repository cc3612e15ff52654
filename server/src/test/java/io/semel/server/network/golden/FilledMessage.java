package io.semel.server.network.golden;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.types.ArrayOf;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.CompactArrayOf;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * A message with something in every field, tagged ones too, encoded by kafka-clients from the schema alone. No two
 * fields beside each other hold the same, and none its default, so that a field that is read in another's place shows.
 */
final class FilledMessage {
    /** Each list holds two, so that what stands between elements shows too. */
    private static final int ELEMENTS = 2;
    private static final long TIMESTAMP = 1_700_000_000_000L;

    /** Numbers the values, so the same schema is always filled alike. */
    private final AtomicInteger last = new AtomicInteger();

    private FilledMessage() {
    }

    static byte[] of(Schema schema) {
        Struct filled = new FilledMessage().fill(schema);
        ByteBuffer bytes = ByteBuffer.allocate(filled.sizeOf());
        filled.writeTo(bytes);
        return bytes.array();
    }

    private Struct fill(Schema schema) {
        Struct struct = new Struct(schema);
        for (BoundField field : schema.fields()) {
            struct.set(field, value(field.def.type));
        }
        return struct;
    }

    private Object value(Type type) {
        if (type instanceof Schema schema) {
            return fill(schema);
        }
        if (type instanceof ArrayOf || type instanceof CompactArrayOf) {
            Object[] elements = new Object[ELEMENTS];
            for (int index = 0; index < ELEMENTS; index++) {
                elements[index] = value(type.arrayElementType().orElseThrow());
            }
            return elements;
        }
        if (type instanceof TaggedFields tagged) {
            TreeMap<Integer, Object> values = new TreeMap<>();
            for (Map.Entry<Integer, Field> field : tagged.fields().entrySet()) {
                values.put(field.getKey(), value(field.getValue().type));
            }
            return values;
        }
        return simple(type, last.incrementAndGet());
    }

    private static Object simple(Type type, int number) {
        return switch (type.toString()) {
            case "BOOLEAN" -> true;
            case "INT8" -> (byte) (1 + number % 100);
            case "INT16" -> (short) (100 + number);
            case "UINT16" -> 1_000 + number;
            case "INT32" -> 10_000 + number;
            case "UINT32" -> 100_000L + number;
            case "INT64" -> 1_000_000_000_000L + number;
            case "FLOAT64" -> 0.5 + number;
            case "UUID" -> new Uuid(number, -number);
            case "STRING", "COMPACT_STRING", "NULLABLE_STRING", "COMPACT_NULLABLE_STRING" -> "text-" + number;
            case "BYTES", "COMPACT_BYTES", "NULLABLE_BYTES", "COMPACT_NULLABLE_BYTES" -> ByteBuffer.wrap(new byte[] {
                (byte) number, 2, 3});
            case "RECORDS", "COMPACT_RECORDS", "NULLABLE_RECORDS", "COMPACT_NULLABLE_RECORDS" -> MemoryRecords
                    .withRecords(Compression.NONE, new SimpleRecord(TIMESTAMP + number, ("key-" + number).getBytes(),
                            "value".getBytes()));
            default -> throw new IllegalArgumentException("no value for the type " + type
                    + "; give it one that is not its default");
        };
    }
}
