package io.semel.verify.disk;

/** A property of CORRECTNESS does not hold. */
public final class ViolationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param property its id, such as L2 */
    public ViolationException(String property, String message) {
        super(property + ": " + message);
    }
}
