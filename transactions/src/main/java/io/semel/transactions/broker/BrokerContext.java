package io.semel.transactions.broker;

import java.util.UUID;
import java.util.function.Supplier;

import org.agrona.concurrent.EpochClock;

import io.semel.idempotence.Verdicts;
import io.semel.log.memory.Disk;

/**
 * The world that a broker is given.
 *
 * @param clock    milliseconds since the epoch
 * @param ids      where topic ids, member ids and the cluster id come from
 * @param verdicts {@link Verdicts#STRICT} for everybody but the verifiable tests
 */
public record BrokerContext(Disk disk, EpochClock clock, Supplier<UUID> ids, Verdicts verdicts) {
    public BrokerContext(Disk disk, EpochClock clock, Supplier<UUID> ids) {
        this(disk, clock, ids, Verdicts.STRICT);
    }
}
