/**
 * One partition's log: segments, claim and publish, the frontier, the offset index, recovery.
 *
 * <p>Nothing here blocks, sleeps or starts a thread: background work is stepped by {@link io.semel.log.Log#doWork()},
 * and the disk is given in.
 */
package io.semel.log;
