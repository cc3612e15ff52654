package io.semel.log.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A file of the machine's own disk. */
final class MappedDiskFile implements DiskFile {
    /** Zeros are written this many bytes at a time: large enough for the disk, small enough to stay in the cache. */
    private static final int ZEROS_LENGTH = 256 * 1024;

    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(ZEROS_LENGTH).asReadOnlyBuffer();

    private final Path path;
    private final FileChannel channel;

    MappedDiskFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        int total = 0;
        while (target.hasRemaining()) {
            int count = channel.read(target, position + total);
            if (count < 0) {
                break;
            }
            total += count;
        }
        return total;
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        long at = position;
        while (source.hasRemaining()) {
            at += channel.write(source, at);
        }
    }

    @Override
    public void writeZeros(long position, int length) throws IOException {
        ByteBuffer zeros = ZEROS.duplicate();
        int written = 0;
        while (written < length) {
            zeros.clear().limit(Math.min(ZEROS_LENGTH, length - written));
            while (zeros.hasRemaining()) {
                written += channel.write(zeros, position + written);
            }
        }
    }

    @Override
    public void truncate(long size) throws IOException {
        channel.truncate(size);
    }

    @Override
    public void force() throws IOException {
        channel.force(true);
    }

    @Override
    public Region map(int length) throws IOException {
        MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, length);
        return Region.over(mapped, () -> Unmapper.unmap(mapped));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
