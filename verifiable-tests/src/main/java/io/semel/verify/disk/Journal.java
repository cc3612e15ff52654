package io.semel.verify.disk;

/** Where a life tells what happens in it, so that a replay can be read. */
@FunctionalInterface
public interface Journal {
    /** For runs of millions of lives. */
    Journal SILENT = (what, numbers) -> {
    };

    void note(String what, long... numbers);
}
