package io.semel.verify.disk;

/** In what order file sizes and directory entries reach the medium. */
public enum MetadataOrder {
    /** With the call that changes them, as on a file system mounted synchronously: only pages are at risk. */
    AT_ONCE,
    /**
     * In the order of the calls that changed them, as the journals of ext4 and XFS write them: a crash keeps a prefix
     * of the changes, any force makes all of them durable.
     */
    JOURNALED,
    /**
     * Each on its own, as POSIX allows: a crash keeps a prefix of the changes of every single entry and size. A file's
     * force covers its size and not its entry; an entry needs its directory forced.
     */
    OWN
}
