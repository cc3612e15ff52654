package io.semel.log;

/** What a recovered segment is opened for. */
enum SegmentUse {
    READ,
    /** All of it is forced first. */
    APPEND,
    /** What is in it stays where the page cache has it. */
    APPEND_UNFORCED
}
