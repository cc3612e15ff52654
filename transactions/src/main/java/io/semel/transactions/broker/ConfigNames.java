package io.semel.transactions.broker;

/** Which names of a topic's configuration a caller may use. */
public enum ConfigNames {
    /** Those by which something goes: whoever calls us by our own interfaces can leave the others out. */
    SERVED,
    /** Those of {@link InertConfig} too: Kafka's clients set them without being asked. */
    KAFKAS
}
