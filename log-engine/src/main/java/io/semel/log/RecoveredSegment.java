package io.semel.log;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What recovery found of one segment: good from its start to {@code lengthBytes}.
 *
 * @param index empty when the segment was not walked: then its index files are looked at when they are needed
 */
record RecoveredSegment(Path path, long baseOffset, long basePosition, int lengthBytes, int recordSpan,
        Optional<SegmentIndex> index) {
    long nextOffset() {
        return baseOffset + recordSpan;
    }

    long endPosition() {
        return basePosition + lengthBytes;
    }
}
