package io.semel.transactions.broker;

import java.util.UUID;
import java.util.function.Supplier;

import org.agrona.concurrent.EpochClock;

import io.semel.idempotence.Verdicts;
import io.semel.log.Durability;
import io.semel.log.memory.Disk;

/**
 * The world that a broker is given.
 *
 * @param clock    milliseconds since the epoch
 * @param ids      where topic ids, member ids and the cluster id come from
 * @param durability of topics that do not say theirs, and of the broker's own logs
 * @param verdicts   {@link Verdicts#STRICT} for everybody but the verifiable tests
 */
public record BrokerContext(Disk disk, EpochClock clock, Supplier<UUID> ids, Durability durability,
        Verdicts verdicts) {
    public BrokerContext(Disk disk, EpochClock clock, Supplier<UUID> ids) {
        this(disk, clock, ids, Durability.PROCESS, Verdicts.STRICT);
    }

    public BrokerContext withDurability(Durability level) {
        return new BrokerContext(disk, clock, ids, level, verdicts);
    }
}
