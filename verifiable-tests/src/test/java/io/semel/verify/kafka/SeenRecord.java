package io.semel.verify.kafka;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import io.semel.log.batch.RecordCursor;

/** A record as somebody read it, all its bytes as text, so that two readers can be compared. Null stays null. */
record SeenRecord(long offset, long timestamp, String key, String value, List<String> headers) {
    static SeenRecord of(ConsumerRecord<byte[], byte[]> record) {
        List<String> headers = new ArrayList<>();
        record.headers().forEach(header -> headers.add(header.key() + '=' + text(header.value())));
        return new SeenRecord(record.offset(), record.timestamp(), text(record.key()), text(record.value()), headers);
    }

    static SeenRecord of(RecordCursor cursor) {
        List<String> headers = new ArrayList<>();
        while (cursor.nextHeader()) {
            headers.add(text(cursor.copyHeaderKey()) + '=' + text(cursor.copyHeaderValue()));
        }
        return new SeenRecord(cursor.offset(), cursor.timestamp(), text(cursor.copyKey()), text(cursor.copyValue()),
                headers);
    }

    private static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
