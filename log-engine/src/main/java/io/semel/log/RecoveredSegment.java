package io.semel.log;

import java.nio.file.Path;

/** What recovery found of one segment: good from its start to {@code lengthBytes}. */
record RecoveredSegment(Path path, long baseOffset, long basePosition, int lengthBytes, int recordSpan,
        OffsetIndex index) {
    long nextOffset() {
        return baseOffset + recordSpan;
    }

    long endPosition() {
        return basePosition + lengthBytes;
    }
}
