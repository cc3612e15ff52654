package io.semel.log.memory;

/**
 * How much of the process and of the machine one directory may take.
 *
 * @param openFiles   files held open: one for every segment that is not finished, and those that recovery or compaction reads
 * @param mappings    mapped files: one for every segment, until its file is deleted and nobody reads it any more; and, in
 *                    {@code PROCESS}, another for every segment that somebody has been reading since before it was finished
 * @param mappedBytes address space of those, whole segments, blocks or not
 * @param readers     readers open at once, those of consumers included: one for each partition that one of them reads
 * @param compactionBytesPerSecond bytes that all compactions together read and write in a second (Kafka:
 *                                 {@code log.cleaner.io.max.bytes.per.second}); {@link Long#MAX_VALUE} for no limit
 */
public record Limits(long openFiles, long mappings, long mappedBytes, long readers, long compactionBytesPerSecond) {
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

    /** A tenth of what a solid-state disk does: appends and forces hardly notice. Kafka has no limit unless it is given one. */
    public static final long DEFAULT_COMPACTION_BYTES_PER_SECOND = 100L << 20;

    public static final Limits DEFAULT = new Limits(DEFAULT_OPEN_FILES, DEFAULT_MAPPINGS, DEFAULT_MAPPED_BYTES,
            DEFAULT_READERS, DEFAULT_COMPACTION_BYTES_PER_SECOND);

    public Limits {
        if (openFiles < 1 || mappings < 1 || mappedBytes < 1 || readers < 1 || compactionBytesPerSecond < 1) {
            throw new IllegalArgumentException("limits out of range: openFiles=" + openFiles + " mappings=" + mappings
                    + " mappedBytes=" + mappedBytes + " readers=" + readers + " compactionBytesPerSecond="
                    + compactionBytesPerSecond + " allowed=1..");
        }
    }

    /** The defaults, as far as the system says nothing else: half of its files and three quarters of its mappings. */
    public static Limits ofThisProcess() {
        return DEFAULT.withOpenFiles(Math.max(1, ProcessLimits.openFiles().orElse(2 * DEFAULT_OPEN_FILES) / 2))
                .withMappings(ProcessLimits.mappings().map(all -> Math.max(1, all / 4 * 3)).orElse(DEFAULT_MAPPINGS));
    }

    public Limits withOpenFiles(long most) {
        return new Limits(most, mappings, mappedBytes, readers, compactionBytesPerSecond);
    }

    public Limits withMappings(long most) {
        return new Limits(openFiles, most, mappedBytes, readers, compactionBytesPerSecond);
    }

    public Limits withMappedBytes(long most) {
        return new Limits(openFiles, mappings, most, readers, compactionBytesPerSecond);
    }

    public Limits withReaders(long most) {
        return new Limits(openFiles, mappings, mappedBytes, most, compactionBytesPerSecond);
    }

    public Limits withCompactionBytesPerSecond(long most) {
        return new Limits(openFiles, mappings, mappedBytes, readers, most);
    }
}
