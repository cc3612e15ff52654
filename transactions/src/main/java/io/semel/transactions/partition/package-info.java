/** One partition: its log, its producers, its open and aborted transactions, its last stable offset. */
package io.semel.transactions.partition;
