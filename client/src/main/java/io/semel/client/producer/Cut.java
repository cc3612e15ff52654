package io.semel.client.producer;

/** Which open batches are due. */
enum Cut {
    /** All of them: the queue is empty and nobody lingers, or somebody waits. */
    NOW,
    /** Those that are full or have lingered long enough. */
    WHEN_DUE
}
