package io.semel.verify.rdkafka;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.semel.log.batch.RecordCursor;

/**
 * A record as somebody read it, its bytes one to a character. A null key or value is null.
 *
 * @param headers as kcat prints them: name=value, separated by commas, with NULL for a null
 */
record ShownRecord(long offset, long timestamp, String key, String value, String headers) {
    static ShownRecord of(RecordCursor cursor) {
        List<String> headers = new ArrayList<>();
        while (cursor.nextHeader()) {
            String value = text(cursor.copyHeaderValue());
            headers.add(text(cursor.copyHeaderKey()) + '=' + (value == null ? "NULL" : value));
        }
        return new ShownRecord(cursor.offset(), cursor.timestamp(), text(cursor.copyKey()), text(cursor.copyValue()),
                String.join(",", headers));
    }

    private static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
