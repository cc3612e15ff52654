package io.semel.verify.rdkafka;

/** librdkafka was shown something else than Semel's reader. The message says what. */
final class DifferenceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DifferenceException(String message) {
        super(message);
    }
}
