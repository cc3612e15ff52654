package io.semel.server.inspect;

import io.semel.log.batch.RecordCursor;
import io.semel.transactions.records.ConsumerGroupKey;
import io.semel.transactions.records.ConsumerGroupValue;
import io.semel.transactions.records.GroupMetadataKey;
import io.semel.transactions.records.GroupMetadataValue;
import io.semel.transactions.records.OffsetCommitKey;
import io.semel.transactions.records.OffsetCommitValue;
import io.semel.transactions.records.OffsetsRecordType;

/** Whether {@code __consumer_offsets} can be read. Thread rule: stateless. */
final class OffsetsJournal {
    private OffsetsJournal() {
    }

    static void take(RecordCursor record) {
        boolean deletes = record.valueLength() < 0;
        switch (OffsetsRecordType.of(record.keySlice())) {
            case OFFSET_COMMIT -> {
                OffsetCommitKey.decode(record.keySlice());
                if (!deletes) {
                    OffsetCommitValue.decode(record.valueSlice());
                }
            }
            case GROUP_METADATA -> {
                GroupMetadataKey.decode(record.keySlice());
                if (!deletes) {
                    GroupMetadataValue.decode(record.valueSlice());
                }
            }
            case CONSUMER_GROUP -> {
                ConsumerGroupKey.decode(record.keySlice());
                if (!deletes) {
                    ConsumerGroupValue.decode(record.valueSlice());
                }
            }
        }
    }
}
