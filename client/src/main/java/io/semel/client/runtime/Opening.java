package io.semel.client.runtime;

import java.util.function.Supplier;

/**
 * What a client opens on its way, a user's plugins above all, is closed again when the rest of the way fails.
 * Stateless.
 */
public final class Opening {
    private Opening() {
    }

    /** Goes on with {@code rest}; if that fails, closes what was opened before it, and fails as it did. */
    public static <T> T closingOnFailure(Runnable close, Supplier<T> rest) {
        try {
            return rest.get();
        } catch (RuntimeException | Error e) {
            try {
                close.run();
            } catch (RuntimeException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }
}
