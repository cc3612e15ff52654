package io.semel.verify.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

import io.semel.log.memory.DiskFile;
import io.semel.log.memory.Region;

/** One opening of a simulated file; like a descriptor it stays good when the entry is gone. Thread rule: one thread. */
final class OpenFile implements DiskFile {
    private final SimulatedDisk disk;
    private final Path path;
    private final SimulatedFile file;
    private boolean mapped;
    private boolean closed;

    OpenFile(SimulatedDisk disk, Path path, SimulatedFile file) {
        this.disk = disk;
        this.path = path;
        this.file = file;
    }

    @Override
    public long size() throws IOException {
        enter("size");
        return file.size();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        enter("read");
        return file.read(target, position);
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        requireOpen();
        disk.write(path, file, source, Math.toIntExact(position));
    }

    @Override
    public void writeZeros(long position, int length) throws IOException {
        requireOpen();
        disk.writeZeros(path, file, Math.toIntExact(position), length);
    }

    @Override
    public void truncate(long size) throws IOException {
        enter("truncate");
        if (size < file.size()) {
            disk.metadata().resize(file, (int) size);
        }
    }

    @Override
    public void force() throws IOException {
        requireOpen();
        disk.force(path, file);
    }

    @Override
    public void forceData(int from, int length) throws IOException {
        requireOpen();
        if (!mapped) {
            throw new IllegalStateException("forceData before map: " + path);
        }
        disk.forceData(path, file, from, length);
    }

    @Override
    public Region map(int length) throws IOException {
        enter("map");
        if (file.size() < length) {
            disk.metadata().resize(file, length);
        }
        mapped = true;
        return Region.over(file.map(length), file::unmap);
    }

    private void enter(String what) throws IOException {
        requireOpen();
        disk.enter(what, path);
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("closed: " + path);
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
