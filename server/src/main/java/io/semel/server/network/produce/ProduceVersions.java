package io.semel.server.network.produce;

/** The first version of Produce with each of its properties. */
public final class ProduceVersions {
    /** librdkafka compresses only for whoever advertises version 0 (KAFKA-18659); nobody sends it. */
    public static final short ADVERTISED = 0;

    /** Batches of magic 2, and transactional ids. */
    public static final short FIRST = 3;

    static final short LOG_START_OFFSET = 5;
    static final short ZSTD = 7;
    static final short RECORD_ERRORS = 8;
    static final short FLEXIBLE = 9;

    /** The client knows TRANSACTION_ABORTABLE (KIP-890). */
    static final short ABORTABLE = 11;

    /** A transactional batch adds its partition to the transaction by itself (KIP-890). */
    static final short JOINING = 12;

    /** Topics are named by id (KIP-516). */
    static final short TOPIC_IDS = 13;

    private ProduceVersions() {
    }
}
