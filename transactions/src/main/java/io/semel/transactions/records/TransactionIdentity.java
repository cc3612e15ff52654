package io.semel.transactions.records;

/**
 * Who a transactional id is at the moment of a record: its producer id and epoch, and the ids before and after it when
 * the epochs of one run out.
 *
 * @param previousProducerId the id of the last committed transaction, or {@link #NO_PRODUCER_ID}
 * @param nextProducerId     the id handed out last, when it differs, or {@link #NO_PRODUCER_ID}
 * @param nextProducerEpoch  the epoch that goes with it, or {@link #NO_PRODUCER_EPOCH}
 * @param clientVersion      Kafka's "transaction version" that the client speaks; 2 raises the epoch at every end
 * @param renewedEpoch       the epoch whose holder asked for this one in its place (KIP-360), or
 *                           {@link #NO_PRODUCER_EPOCH}; of the id before when this is another one's first
 */
public record TransactionIdentity(long producerId, short producerEpoch, long previousProducerId, long nextProducerId,
        short nextProducerEpoch, short clientVersion, short renewedEpoch) {

    public static final long NO_PRODUCER_ID = -1L;
    public static final short NO_PRODUCER_EPOCH = -1;

    /** As Kafka writes it. */
    public TransactionIdentity(long producerId, short producerEpoch, long previousProducerId, long nextProducerId,
            short nextProducerEpoch, short clientVersion) {
        this(producerId, producerEpoch, previousProducerId, nextProducerId, nextProducerEpoch, clientVersion,
                NO_PRODUCER_EPOCH);
    }

    /** An identity whose producer id has not changed, of a client with the older rules. */
    public static TransactionIdentity of(long producerId, short producerEpoch) {
        return new TransactionIdentity(producerId, producerEpoch, NO_PRODUCER_ID, NO_PRODUCER_ID, NO_PRODUCER_EPOCH,
                (short) 0);
    }
}
