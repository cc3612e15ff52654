package io.semel.log;

/** What a recovered segment is opened for. */
enum SegmentUse {
    READ, APPEND
}
