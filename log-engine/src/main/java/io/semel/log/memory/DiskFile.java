package io.semel.log.memory;

import java.io.IOException;
import java.nio.ByteBuffer;

/** One open file. Positions and lengths are bytes. Thread rule: any thread; reads and writes are positional. */
public interface DiskFile extends AutoCloseable {
    long size() throws IOException;

    /** Fills {@code target} from {@code position}; returns the bytes read, fewer only at the end of the file. */
    int read(ByteBuffer target, long position) throws IOException;

    /** Writes all that remains in {@code source} at {@code position}. */
    void write(ByteBuffer source, long position) throws IOException;

    /** Writes real zeros, so that the blocks exist and later stores through a mapping can't run out of disk. */
    void writeZeros(long position, int length) throws IOException;

    void truncate(long size) throws IOException;

    /**
     * Returns once these bytes, stored through the mapping, are on the medium; size and blocks were forced before. After a
     * failure the file's state is unknown; never retry.
     */
    void forceData(int from, int length) throws IOException;

    /** Returns once content and size are on the medium. After a failure the file's state is unknown; never retry. */
    void force() throws IOException;

    /**
     * Maps the first {@code length} bytes for reading and writing; the file grows to that length, sparse where nothing
     * was written. Bytes without a real block must not be touched.
     */
    Region map(int length) throws IOException;

    @Override
    void close() throws IOException;
}
