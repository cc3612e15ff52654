/**
 * The transaction coordinator: who a transactional id is, what was decided, and the markers that carry decisions out.
 *
 * <p>Little is journaled: an identity when it is handed out, a decision when it is taken, its completion later and in
 * bulk. Which transactions are open is known from the partitions themselves.
 */
package io.semel.transactions.coordinator;
