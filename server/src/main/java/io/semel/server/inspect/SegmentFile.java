package io.semel.server.inspect;

import java.nio.file.Path;

import io.semel.log.SideFiles;

/**
 * One segment of the log that is walked. A complete one has its index file: it was whole and on the medium. Immutable.
 */
record SegmentFile(Path path, long baseOffset, long sizeBytes, State state) {
    enum State {
        COMPLETE, GROWING
    }

    boolean isComplete() {
        return state == State.COMPLETE;
    }

    Path besides(String suffix) {
        String name = path.getFileName().toString();
        return path.resolveSibling(name.substring(0, name.indexOf('.')) + suffix);
    }

    Path index() {
        return besides(SideFiles.INDEX_SUFFIX);
    }
}
