package io.semel.log.batch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** A record as a value, to compare what one side wrote with what the other side read. */
final class SampleRecord {
    final long timestamp;
    final byte[] key;
    final byte[] value;
    final byte[][] headerKeys;
    final byte[][] headerValues;

    SampleRecord(long timestamp, byte[] key, byte[] value, byte[][] headerKeys, byte[][] headerValues) {
        this.timestamp = timestamp;
        this.key = key;
        this.value = value;
        this.headerKeys = headerKeys;
        this.headerValues = headerValues;
    }

    /** What our cursor stands on. */
    static SampleRecord of(RecordCursor cursor) {
        List<byte[]> headerKeys = new ArrayList<>();
        List<byte[]> headerValues = new ArrayList<>();
        while (cursor.nextHeader()) {
            headerKeys.add(cursor.copyHeaderKey());
            headerValues.add(cursor.copyHeaderValue());
        }
        return new SampleRecord(cursor.timestamp(), cursor.copyKey(), cursor.copyValue(),
                headerKeys.toArray(byte[][]::new), headerValues.toArray(byte[][]::new));
    }

    boolean tryAppendTo(RecordBatchWriter writer) {
        return headerKeys.length == 0
                ? writer.tryAppend(timestamp, key, value)
                : writer.tryAppend(timestamp, key, value, headerKeys, headerValues);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SampleRecord that && timestamp == that.timestamp && Arrays.equals(key, that.key)
                && Arrays.equals(value, that.value) && Arrays.deepEquals(headerKeys, that.headerKeys)
                && Arrays.deepEquals(headerValues, that.headerValues);
    }

    @Override
    public int hashCode() {
        return Objects.hash(timestamp, Arrays.hashCode(key), Arrays.hashCode(value));
    }

    @Override
    public String toString() {
        return "timestamp=" + timestamp + " key=" + Arrays.toString(key) + " value=" + Arrays.toString(value)
                + " headers=" + Arrays.deepToString(headerKeys) + "=" + Arrays.deepToString(headerValues);
    }
}
