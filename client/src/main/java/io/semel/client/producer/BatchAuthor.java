package io.semel.client.producer;

import java.nio.ByteBuffer;

import org.apache.kafka.common.KafkaException;

import io.semel.log.batch.RecordBatchWriter;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionWriter;

/** In whose name batches are written: nobody's, a producer id's, or a transaction's. Thread rule: the sender thread. */
interface BatchAuthor {
    /**
     * The writer of this author's next batch to a partition.
     *
     * @param held what it was the last time; null the first time. A writer that is not this one begins with sequence 0
     * @return null when it can't be said yet: ask again after a short idle
     * @throws KafkaException when this author writes no more
     */
    PartitionWriter writerTo(Partition partition, PartitionWriter held);

    /** Puts the author's name on a batch that is about to be finished. */
    void sign(RecordBatchWriter batch, int baseSequence);

    /** As {@link #sign}, on a finished batch that was refused under the name that it bears. */
    void signAgain(ByteBuffer batch, int baseSequence);

    /** The exception for a batch that was refused. */
    KafkaException refused(long code, PartitionWriter writer, ByteBuffer batch);
}
