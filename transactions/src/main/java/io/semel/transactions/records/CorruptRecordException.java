package io.semel.transactions.records;

/**
 * The bytes are not a record of the format they claim to be: cut short, too long, of an unknown kind or version, or
 * with a length that points outside. Not retriable: the same bytes fail the same way again.
 */
public final class CorruptRecordException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CorruptRecordException(String message) {
        super(message);
    }
}
