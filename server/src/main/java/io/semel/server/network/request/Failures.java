package io.semel.server.network.request;

import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;

import io.semel.transactions.broker.AccessLimitException;
import io.semel.transactions.broker.InvalidTopicException;
import io.semel.transactions.broker.PartitionOfflineException;
import io.semel.transactions.broker.TopicExistsException;
import io.semel.transactions.broker.UnknownTopicException;
import io.semel.wire.protocol.Errors;

/** Kafka's codes for what the broker throws. */
public final class Failures {
    private Failures() {
    }

    /** @return a code that clients understand; what is our bug is thrown on, and ends the connection */
    public static Errors codeOf(Exception failure) {
        if (failure instanceof UnknownTopicException) {
            return Errors.UNKNOWN_TOPIC_OR_PARTITION;
        }
        if (failure instanceof TopicExistsException) {
            return Errors.TOPIC_ALREADY_EXISTS;
        }
        if (failure instanceof InvalidTopicException invalid) {
            return switch (invalid.what()) {
                case NAME, INTERNAL -> Errors.INVALID_TOPIC_EXCEPTION;
                case PARTITIONS -> Errors.INVALID_PARTITIONS;
                case CONFIG -> Errors.INVALID_CONFIG;
            };
        }
        if (failure instanceof AccessLimitException) {
            return Errors.INVALID_REQUEST;
        }
        if (failure instanceof PartitionOfflineException || failure instanceof IOException) {
            return Errors.KAFKA_STORAGE_ERROR;
        }
        if (failure instanceof RejectedExecutionException) {
            return Errors.REQUEST_TIMED_OUT;
        }
        throw failure instanceof RuntimeException bug ? bug : new IllegalStateException(failure);
    }
}
