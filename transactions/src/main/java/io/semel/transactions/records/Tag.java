package io.semel.transactions.records;

/** Numbers of tagged fields. Kafka counts up from zero; Semel's own begin far above, so that the two never meet. */
final class Tag {

    static final int OFFSET_TOPIC_ID = 0;

    static final int TXN_PREVIOUS_PRODUCER_ID = 0;
    static final int TXN_NEXT_PRODUCER_ID = 1;
    static final int TXN_CLIENT_VERSION = 2;
    static final int TXN_NEXT_PRODUCER_EPOCH = 3;

    static final int TXN_HOME = 10_000;
    static final int TXN_FIRST_OFFSETS = 10_001;
    static final int TXN_PREPARED = 10_002;
    static final int TXN_RENEWED_EPOCH = 10_003;

    static final int TXN_TOPIC_ID = 10_000;

    private Tag() {
    }
}
