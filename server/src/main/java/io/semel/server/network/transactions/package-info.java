/** Transactions: who speaks for a transactional id, what is part of its transaction, how that ends, what is open. */
package io.semel.server.network.transactions;
