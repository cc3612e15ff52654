/**
 * Consumer groups and the offsets that they commit.
 *
 * <p>{@link io.semel.transactions.groups.GroupCoordinator} is the door: members join, sync, heartbeat, leave and commit
 * there, whether they are threads of this process or at the other end of a connection. {@code Group} is the classic
 * protocol's state machine of one group, {@link io.semel.transactions.groups.CommittedOffsets} the fold of
 * {@code __consumer_offsets}, which is the same live and on recovery. Nothing blocks: what cannot be answered at once
 * is a parked {@link io.semel.transactions.groups.Reply}.
 */
package io.semel.transactions.groups;
