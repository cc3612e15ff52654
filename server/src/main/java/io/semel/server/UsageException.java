package io.semel.server;

/** The user's mistake: told in one line, exit code 2. The message says what, where and what to do instead. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }

    public UsageException(String message, Throwable cause) {
        super(message, cause);
    }

    public static void requireInRange(String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw new UsageException(option + " out of range: given " + value + ", allowed " + least + " to " + most);
        }
    }
}
