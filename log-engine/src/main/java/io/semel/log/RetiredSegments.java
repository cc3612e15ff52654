package io.semel.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.log.memory.Disk;

/**
 * Segments that left the chain, until their files are gone: a reader may stand in one, and no file is deleted while it is
 * mapped. What is left when the log is closed, recovery deletes.
 *
 * <p>Thread rule: any thread; one at a time deletes.
 */
final class RetiredSegments {
    private static final Logger LOGGER = LoggerFactory.getLogger(RetiredSegments.class);

    private final Disk disk;
    private final Queue<Segment> segments = new ConcurrentLinkedQueue<>();

    RetiredSegments(Disk disk) {
        this.disk = disk;
    }

    /** Lets the segment go; its last reader unmaps it. */
    void add(Segment segment) {
        try {
            segment.abandon();
        } catch (IOException e) {
            // Its region was released all the same, and a finished file has nothing left to write.
            LOGGER.warn("{}: file of a deleted segment did not close: {}", segment, e.toString());
        }
        segments.add(segment);
    }

    /**
     * Deletes the files that nobody has mapped any more.
     *
     * @return how many segments are gone
     * @throws IOException when files could not be deleted; they are tried again
     */
    int deleteReleased() throws IOException {
        int done = 0;
        List<Segment> gone = new ArrayList<>();
        try {
            for (Segment segment : segments) {
                if (segment.isUnmapped()) {
                    segment.deleteFiles(disk);
                    gone.add(segment);
                    done++;
                }
            }
        } finally {
            segments.removeAll(gone);
        }
        return done;
    }

    int count() {
        return segments.size();
    }
}
