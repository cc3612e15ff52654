package io.semel.log.batch.codec;

/** Records are, or should be, compressed in a way that can't be had here: a jar is missing, or the code is unknown. */
public final class UnsupportedCompressionException extends UnsupportedOperationException {
    private static final long serialVersionUID = 1L;

    private final int compressionCode;

    /** @param causeOrNull null for none */
    public UnsupportedCompressionException(int compressionCode, String message, Throwable causeOrNull) {
        super(message, causeOrNull);
        this.compressionCode = compressionCode;
    }

    /** As in a batch's attributes. */
    public int compressionCode() {
        return compressionCode;
    }
}
