package io.semel.server.network.request;

import java.util.concurrent.Executor;

import org.agrona.concurrent.EpochClock;

import io.semel.transactions.broker.Broker;

/**
 * What is served, and as whom: handlers are made with it.
 *
 * @param clock milliseconds since the epoch
 * @param disk  runs what waits for the disk, so that no connection waits behind it; refuses with
 *              {@link java.util.concurrent.RejectedExecutionException} when too much waits already
 */
public record Served(Broker broker, EpochClock clock, Nodes nodes, ServerSettings settings, Executor disk,
        Authorizer authorizer) {
}
