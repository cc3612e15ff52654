package io.semel.log.batch;

/** The bytes of a batch contradict the format, although its CRC was right or was not checked. Not retriable. */
public final class CorruptBatchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CorruptBatchException(String message) {
        super(message);
    }

    public CorruptBatchException(String message, Throwable cause) {
        super(message, cause);
    }
}
