package io.semel.client;

/**
 * Names a transaction that is prepared, for the system that decides over it: a database writes its text beside its own
 * changes, in one commit of its own, and whoever comes back asks it ({@link TransactionalAppender#complete}). The text
 * is that of Kafka's {@code PreparedTxnState}.
 */
public record PreparedTransaction(long producerId, short epoch) {

    /** @throws IllegalArgumentException when it is not the text of one */
    public static PreparedTransaction parse(String text) {
        int colon = text.indexOf(':');
        try {
            return new PreparedTransaction(Long.parseLong(text.substring(0, Math.max(colon, 0))), Short.parseShort(text
                    .substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a prepared transaction: given=" + text
                    + "; it is PRODUCERID:EPOCH, as toString() gives it", e);
        }
    }

    @Override
    public String toString() {
        return producerId + ":" + epoch;
    }
}
