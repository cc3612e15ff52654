package io.semel.log;

/** How much of a segment's disk space is written before it is claimed (Kafka: {@code preallocate}). */
public enum Preallocation {
    /** As much again as was claimed so far, up to 16 MiB: a small log takes little. */
    AS_CLAIMED,
    /**
     * The whole segment, and the next one, in the background and as soon as they are made: a burst of their size then never
     * waits for blocks. Takes the disk space of two segments, however little is appended.
     */
    WHOLE_SEGMENT
}
