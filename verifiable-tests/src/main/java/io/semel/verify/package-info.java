/**
 * Scenarios that kill real processes and check every record.
 *
 * <p>The clients here speak to partitions and coordinators as a remote client would, batch by batch, so that they can
 * lose acknowledgements, send again, overtake themselves and go on after they were replaced: what the sequence check
 * and the fencing are for.
 */
package io.semel.verify;
