package io.semel.log;

import java.io.IOException;
import java.nio.file.Path;

import io.semel.log.memory.DiskFile;
import io.semel.log.memory.Region;

/**
 * The file of one segment until that is complete: every force of it goes through here, whichever mapping its bytes came
 * through.
 *
 * <p>Invariants: one forces at a time, and nobody after a force that failed (L5); who closes it waits for a force that is under
 * way, so what it forces through is unmapped afterwards.
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
    /** The kernel tells of a lost write once, to whoever forces next: nobody else is to hear that all is well (L5). Guarded by this. */
    private boolean failed;

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

    synchronized void force() throws ForceFailedException {
        try {
            requireForceable();
            file.force();
        } catch (IOException | RuntimeException | VirtualMachineError e) {
            throw failed(e);
        }
    }

    private void requireForceable() throws IOException {
        if (failed) {
            throw new IOException("an earlier force of it failed");
        }
        if (closed) {
            throw new IOException("closed before it was forced");
        }
    }

    private ForceFailedException failed(Throwable cause) {
        failed = true;
        return new ForceFailedException(path, cause);
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
        forceUnlessFinished(start, end);
    }

    private synchronized void forceUnlessFinished(int start, int end) throws ForceFailedException {
        if (finished) {
            return;
        }
        if (durability == Durability.PROCESS) {
            // Its blocks and its size were never forced before.
            force();
            return;
        }
        try {
            requireForceable();
            file.forceData(start, end - start);
        } catch (IOException | RuntimeException | VirtualMachineError e) {
            throw failed(e);
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
