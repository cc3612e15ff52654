package io.semel.log.memory;

/**
 * What one directory holds of the process, counted against its {@link Limits}.
 *
 * <p>Thread rule: any thread. Touched when something is opened, mapped or let go, and by no append or read.
 */
public final class Budget {
    private final Limit openFiles;
    private final Limit mappings;
    private final Limit mappedBytes;
    private final Limit readers;

    public Budget(Limits limits) {
        this.openFiles = new Limit("open files", limits.openFiles());
        this.mappings = new Limit("mappings", limits.mappings());
        this.mappedBytes = new Limit("mapped bytes", limits.mappedBytes());
        this.readers = new Limit("readers", limits.readers());
    }

    public Limit openFiles() {
        return openFiles;
    }

    public Limit mappings() {
        return mappings;
    }

    public Limit mappedBytes() {
        return mappedBytes;
    }

    public Limit readers() {
        return readers;
    }

    @Override
    public String toString() {
        return "Budget{" + openFiles + ", " + mappings + ", " + mappedBytes + ", " + readers + '}';
    }
}
