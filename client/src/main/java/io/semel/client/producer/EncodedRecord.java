package io.semel.client.producer;

import java.nio.charset.StandardCharsets;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

import io.semel.log.batch.RecordBatchWriter;
import io.semel.log.batch.RecordCursor;

/**
 * A record as bytes.
 *
 * @param key     may be null
 * @param value   may be null
 * @param headers as the user gave them, for interceptors
 */
record EncodedRecord(byte[] key, byte[] value, Headers headers, byte[][] headerKeys, byte[][] headerValues,
        long timestampMs) {
    static final byte[][] NO_HEADERS = {};

    static EncodedRecord of(byte[] key, byte[] value, Headers headers, long timestampMs) {
        Header[] all = headers.toArray();
        if (all.length == 0) {
            return new EncodedRecord(key, value, headers, NO_HEADERS, NO_HEADERS, timestampMs);
        }
        byte[][] headerKeys = new byte[all.length][];
        byte[][] headerValues = new byte[all.length][];
        for (int index = 0; index < all.length; index++) {
            headerKeys[index] = all[index].key().getBytes(StandardCharsets.UTF_8);
            headerValues[index] = all[index].value();
        }
        return new EncodedRecord(key, value, headers, headerKeys, headerValues, timestampMs);
    }

    static int lengthOf(byte[] bytesOrNull) {
        return bytesOrNull == null ? RecordCursor.NULL_LENGTH : bytesOrNull.length;
    }

    /** Bytes of a batch that holds only this. */
    int sizeInBytes() {
        return RecordBatchWriter.sizeOf(lengthOf(key), lengthOf(value), headerKeys, headerValues);
    }
}
