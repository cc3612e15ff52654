package io.semel.log.memory;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of the machine's own disk.
 *
 * <p>A {@link RandomAccessFile} and not a channel: a channel is closed for good when a thread that uses it is
 * interrupted, and the threads that append are the user's. Its seek and its transfer are two steps, hence the monitor;
 * nothing of this is on the append or read path.
 */
final class MappedDiskFile implements DiskFile {
    /** Bytes move this many at a time: large enough for the disk, small enough to stay in the cache. */
    private static final int CHUNK_LENGTH = 256 * 1024;

    private static final byte[] ZEROS = new byte[CHUNK_LENGTH];

    private final Path path;
    private final RandomAccessFile file;
    /** What {@link #map} handed out last. */
    private volatile ByteBuffer mapped = ByteBuffer.allocate(0);

    private MappedDiskFile(Path path, RandomAccessFile file) {
        this.path = path;
        this.file = file;
    }

    static MappedDiskFile open(Path path) throws IOException {
        try {
            return new MappedDiskFile(path, new RandomAccessFile(path.toFile(), "rw"));
        } catch (FileNotFoundException e) {
            throw DiskFailures.ofOpen(path, e);
        }
    }

    @Override
    public long size() throws IOException {
        return file.length();
    }

    @Override
    public synchronized int read(ByteBuffer target, long position) throws IOException {
        file.seek(position);
        byte[] chunk = new byte[Math.min(CHUNK_LENGTH, target.remaining())];
        int total = 0;
        while (target.hasRemaining()) {
            int count = file.read(chunk, 0, Math.min(chunk.length, target.remaining()));
            if (count < 0) {
                break;
            }
            target.put(chunk, 0, count);
            total += count;
        }
        return total;
    }

    @Override
    public synchronized void write(ByteBuffer source, long position) throws IOException {
        file.seek(position);
        byte[] chunk = new byte[Math.min(CHUNK_LENGTH, source.remaining())];
        while (source.hasRemaining()) {
            int count = Math.min(chunk.length, source.remaining());
            source.get(chunk, 0, count);
            write(chunk, count);
        }
    }

    @Override
    public synchronized void writeZeros(long position, int length) throws IOException {
        file.seek(position);
        for (int left = length; left > 0; left -= CHUNK_LENGTH) {
            write(ZEROS, Math.min(CHUNK_LENGTH, left));
        }
    }

    private void write(byte[] bytes, int count) throws IOException {
        try {
            file.write(bytes, 0, count);
        } catch (IOException e) {
            throw DiskFailures.ofWrite(path, count, e);
        }
    }

    @Override
    public synchronized void truncate(long size) throws IOException {
        if (size < file.length()) {
            file.setLength(size);
        }
    }

    @Override
    public void forceData(int from, int length) throws IOException {
        if (!(mapped instanceof MappedByteBuffer bytes)) {
            throw new IllegalStateException("forceData before map: " + path);
        }
        try {
            bytes.force(from, length);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public void force() throws IOException {
        file.getFD().sync();
    }

    @Override
    public Region map(int length) throws IOException {
        Region region = Uninterrupted.run(() -> {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                return ArenaMapping.isAvailable() ? ArenaMapping.map(channel, length) : mapBuffer(channel, length);
            } catch (FileSystemException e) {
                throw DiskFailures.ofOpen(path, e);
            }
        });
        mapped = region.buffer();
        return region;
    }

    private static Region mapBuffer(FileChannel channel, int length) throws IOException {
        MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, length);
        return Region.over(bytes, () -> Unmapper.unmap(bytes));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
