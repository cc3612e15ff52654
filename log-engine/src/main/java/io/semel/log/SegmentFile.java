package io.semel.log;

import java.io.IOException;
import java.nio.file.Path;

import io.semel.log.memory.DiskFile;
import io.semel.log.memory.Region;

/**
 * The file of one segment until that is complete: every force of it goes through here, whichever mapping its bytes came
 * through.
 *
 * <p>Invariant: who closes it waits for a force that is under way, so what it forces through is unmapped afterwards.
 *
 * <p>Thread rule: any thread forces; one at a time finishes (SegmentChain.finishing).
 */
final class SegmentFile implements AutoCloseable {
    private final Path path;
    private final DiskFile file;
    private final Durability durability;
    private volatile boolean finished;
    /** Guarded by this. */
    private boolean closed;

    SegmentFile(Path path, DiskFile file, Durability durability) {
        this.path = path;
        this.file = file;
        this.durability = durability;
    }

    Path path() {
        return path;
    }

    Durability durability() {
        return durability;
    }

    /** Whether it is complete and on the medium, with its index: nothing of it will change any more. */
    boolean isFinished() {
        return finished;
    }

    /** From now on nothing of it changes, and nothing is forced. */
    void finish() throws IOException {
        finished = true;
        close();
    }

    Region map(int length) throws IOException {
        return file.map(length);
    }

    void truncate(int length) throws IOException {
        file.truncate(length);
    }

    void force() throws ForceFailedException {
        try {
            file.force();
        } catch (IOException | RuntimeException | VirtualMachineError e) {
            throw new ForceFailedException(path, e);
        }
    }

    /**
     * Forces what was stored in [start, end). Nothing to do once it is finished.
     *
     * @throws ForceFailedException also when it was let go unfinished: nothing will ever say that it is on the medium
     */
    void forceData(int start, int end) throws ForceFailedException {
        if (finished || end <= start) {
            return;
        }
        try {
            forceUnlessFinished(start, end);
        } catch (IOException | RuntimeException | VirtualMachineError e) {
            throw new ForceFailedException(path, e);
        }
    }

    private synchronized void forceUnlessFinished(int start, int end) throws IOException {
        if (finished) {
            return;
        }
        if (closed) {
            throw new IOException("closed before it was forced");
        }
        if (durability == Durability.POWER) {
            file.forceData(start, end - start);
        } else {
            // Its blocks and its size were never forced before.
            file.force();
        }
    }

    /** Waits for a force that is under way. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        file.close();
    }

    @Override
    public String toString() {
        return "SegmentFile{" + path.getFileName() + (finished ? ", finished}" : "}");
    }
}
