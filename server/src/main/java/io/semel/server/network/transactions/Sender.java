package io.semel.server.network.transactions;

import io.semel.transactions.coordinator.ProducerIdAndEpoch;
import io.semel.transactions.coordinator.TransactionRules;

/** Who a message names as its sender, and by which rules it is sent. */
record Sender(String transactionalId, ProducerIdAndEpoch instance, TransactionRules rules) {

    static Sender of(String transactionalId, long producerId, short epoch, TransactionRules rules) {
        return new Sender(transactionalId, new ProducerIdAndEpoch(producerId, epoch), rules);
    }
}
