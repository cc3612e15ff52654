package io.semel.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.semel.log.batch.RecordCursor;

/** Records as text. */
final class Records {
    private Records() {
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(ByteBuffer slice) {
        return slice == null ? "null" : StandardCharsets.UTF_8.decode(slice).toString();
    }

    static String value(RecordCursor record) {
        return text(record.valueSlice());
    }

    /** All values that the reader can see now. */
    static List<String> drain(Reader reader) {
        List<String> values = new ArrayList<>();
        while (reader.poll(record -> values.add(value(record)), 100) > 0) {
            Thread.onSpinWait();
        }
        return values;
    }

    static List<String> read(Semel semel, DeliverySemantics semantics, String topic) {
        try (Reader reader = semel.openReader(semantics, topic, 0, 0)) {
            return drain(reader);
        }
    }
}
