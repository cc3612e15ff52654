/**
 * {@code semel transactions}: a directory's transactions, read from its files without changing them, and one of them
 * aborted.
 */
package io.semel.server.transactions;
