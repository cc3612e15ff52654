package io.semel.log.batch;

/** The records of a batch are compressed, and this version reads only plain ones. */
public final class UnsupportedCompressionException extends UnsupportedOperationException {
    private static final long serialVersionUID = 1L;

    private final int compressionCode;

    UnsupportedCompressionException(int compressionCode, String batch) {
        super("records compressed with " + nameOf(compressionCode) + " can't be read yet; send them with "
                + "compression.type=none: " + batch);
        this.compressionCode = compressionCode;
    }

    public int compressionCode() {
        return compressionCode;
    }

    private static String nameOf(int compressionCode) {
        return switch (compressionCode) {
            case 1 -> "gzip";
            case 2 -> "snappy";
            case 3 -> "lz4";
            case 4 -> "zstd";
            default -> "unknown codec " + compressionCode;
        };
    }
}
