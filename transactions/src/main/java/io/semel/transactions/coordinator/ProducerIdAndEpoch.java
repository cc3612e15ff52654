package io.semel.transactions.coordinator;

/** Who sent a message: the producer id and epoch that it was handed. */
public record ProducerIdAndEpoch(long producerId, short epoch) {
    @Override
    public String toString() {
        return "producerId=" + producerId + " epoch=" + epoch;
    }
}
