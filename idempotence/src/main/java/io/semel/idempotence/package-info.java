/**
 * Producer ids, epochs and sequence windows: whether a batch is new, a retry, or refused.
 *
 * <p>Knows nothing of transactions beyond where one is open; state is built from the log, live and in recovery alike.
 */
package io.semel.idempotence;
