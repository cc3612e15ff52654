package io.semel.log.memory;

/**
 * How much of the process one directory may take.
 *
 * @param openFiles   files held open: one for every segment that is not finished, and those that recovery or compaction reads
 * @param mappings    mapped files: one for every segment, until its file is deleted and nobody reads it any more
 * @param mappedBytes address space of those, whole segments, blocks or not
 * @param readers     readers open at once, those of consumers included: one for each partition that one of them reads
 */
public record Limits(long openFiles, long mappings, long mappedBytes, long readers) {
    /**
     * Half of what macOS gives a JVM, for where the system does not tell: the other half is for jars, sockets, and files that are
     * open for a moment.
     */
    public static final long DEFAULT_OPEN_FILES = 5_120;

    /** Three quarters of the 65,530 that Linux gives a process by default: the rest is for stacks, heap and libraries. */
    public static final long DEFAULT_MAPPINGS = 49_147;

    /** An eighth of the 128 TiB that 47 bits address: ten thousand partitions of a dozen segments at their default size. */
    public static final long DEFAULT_MAPPED_BYTES = 16L << 40;

    /** Each costs a lease, some hundred bytes, and a wake-up at every append to its partition when it waits there. */
    public static final long DEFAULT_READERS = 100_000;

    public static final Limits DEFAULT = new Limits(DEFAULT_OPEN_FILES, DEFAULT_MAPPINGS, DEFAULT_MAPPED_BYTES,
            DEFAULT_READERS);

    public Limits {
        if (Math.min(Math.min(openFiles, mappings), Math.min(mappedBytes, readers)) < 1) {
            throw new IllegalArgumentException("limits out of range: openFiles=" + openFiles + " mappings=" + mappings
                    + " mappedBytes=" + mappedBytes + " readers=" + readers + " allowed=1..");
        }
    }

    /** The defaults, as far as the system says nothing else: half of its files and three quarters of its mappings. */
    public static Limits ofThisProcess() {
        return DEFAULT.withOpenFiles(Math.max(1, ProcessLimits.openFiles().orElse(2 * DEFAULT_OPEN_FILES) / 2))
                .withMappings(ProcessLimits.mappings().map(all -> Math.max(1, all / 4 * 3)).orElse(DEFAULT_MAPPINGS));
    }

    public Limits withOpenFiles(long most) {
        return new Limits(most, mappings, mappedBytes, readers);
    }

    public Limits withMappings(long most) {
        return new Limits(openFiles, most, mappedBytes, readers);
    }

    public Limits withMappedBytes(long most) {
        return new Limits(openFiles, mappings, most, readers);
    }

    public Limits withReaders(long most) {
        return new Limits(openFiles, mappings, mappedBytes, most);
    }
}
