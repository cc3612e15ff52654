package io.semel.server.network.transactions;

import io.semel.server.network.request.Peer;
import io.semel.transactions.coordinator.TransactionRules;

/**
 * By which rules a client speaks, as the version of its message tells: one that was told that we give every end a new
 * epoch ({@code transaction.version} 2, KIP-890) and knows what that means sends the newer ones. Stateless.
 */
final class Rules {
    /** Of EndTxn: its answer names the next epoch. */
    static final int NEWER_END = 5;
    /** Of TxnOffsetCommit: no AddOffsetsToTxn came before. */
    static final int NEWER_OFFSETS = 5;

    private static final String KAFKA_CLIENTS = "apache-kafka-java";
    private static final int NEWER_KAFKA_CLIENTS = 4;

    private Rules() {
    }

    static TransactionRules ofEnd(short version) {
        return of(version >= NEWER_END);
    }

    static TransactionRules ofOffsets(short version) {
        return of(version >= NEWER_OFFSETS);
    }

    /** InitProducerId does not tell. A wrong guess costs a record when the first message does. */
    static TransactionRules guess(Peer peer) {
        return of(peer.software().equals(KAFKA_CLIENTS) && major(peer.softwareVersion()) >= NEWER_KAFKA_CLIENTS);
    }

    private static TransactionRules of(boolean knowsNewer) {
        return knowsNewer ? TransactionRules.NEW_EPOCH_AT_EVERY_END : TransactionRules.ONE_EPOCH;
    }

    /** 0 when it does not begin with a number, or with one that nobody would count to. */
    private static int major(String version) {
        int major = 0;
        for (int index = 0; index < Math.min(3, version.length()) && Character.digit(version.charAt(index),
                10) >= 0; index++) {
            major = 10 * major + Character.digit(version.charAt(index), 10);
        }
        return major;
    }
}
