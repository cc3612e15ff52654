package io.semel.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

import io.semel.log.batch.RecordBatchLayout;

/** What may be appended: refused before anything is claimed, since a claim can't be given back. Stateless. */
public final class WholeBatch {
    private WholeBatch() {
    }

    /**
     * Refuses what is not exactly one batch: a claim that could not be filled would hold the frontier back for ever, and a
     * length field that lies would lead every reader astray.
     *
     * @throws IllegalArgumentException if position and limit do not enclose one big-endian batch of version 2
     */
    public static void require(ByteBuffer batch) {
        int lengthBytes = batch.remaining();
        if (batch.order() != ByteOrder.BIG_ENDIAN || lengthBytes < RecordBatchLayout.MIN_BATCH_LENGTH
                || RecordBatchLayout.sizeInBytes(batch, batch.position()) != lengthBytes
                || RecordBatchLayout.magic(batch, batch.position()) != RecordBatchLayout.MAGIC) {
            throw new IllegalArgumentException("not one whole record batch of version 2 between position and limit: "
                    + batch + " " + batch.order() + (lengthBytes < RecordBatchLayout.MIN_BATCH_LENGTH ? ""
                            : " says it has "
                                    + RecordBatchLayout.sizeInBytes(batch, batch.position()) + " bytes"));
        }
    }

    static void requireBounds(Path directory, int recordCount, int lengthBytes, int maxBatchBytes) {
        if (lengthBytes < RecordBatchLayout.MIN_BATCH_LENGTH || lengthBytes > maxBatchBytes || recordCount < 1) {
            throw new IllegalArgumentException("batch out of bounds: log=" + directory + " lengthBytes=" + lengthBytes
                    + " allowed=" + RecordBatchLayout.MIN_BATCH_LENGTH + ".." + maxBatchBytes
                    + " (max.message.bytes) recordCount=" + recordCount);
        }
    }
}
