/**
 * One partition's log: segments, claim and publish, the frontier, the offset index, recovery.
 *
 * <p>Nothing here blocks, sleeps or starts a thread, but for {@link io.semel.log.Log#close()}, which waits for claims under
 * way, and {@link io.semel.log.Log#force()}, which waits for the disk: background work is stepped by {@link io.semel.log.Log#doWork()},
 * and the disk is given in.
 */
package io.semel.log;
