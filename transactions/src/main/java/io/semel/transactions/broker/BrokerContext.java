package io.semel.transactions.broker;

import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import org.agrona.concurrent.EpochClock;

import io.semel.idempotence.Verdicts;
import io.semel.log.Durability;
import io.semel.log.memory.Disk;
import io.semel.log.memory.Limits;

/**
 * The world that a broker is given.
 *
 * @param clock    milliseconds since the epoch
 * @param ids      where topic ids, member ids and the cluster id come from
 * @param durability of topics that do not say theirs, and of the broker's own logs
 * @param verdicts   {@link Verdicts#STRICT} for everybody but the verifiable tests
 * @param limits     how much of the process the directory may take
 * @param openers    threads on which partitions are opened side by side; used only while the broker opens
 * @param ownSegmentBytes capacity of a segment of the broker's own logs; less than the default where disks are simulated
 * @param expirations after how long who is idle is forgotten
 */
public record BrokerContext(Disk disk, EpochClock clock, Supplier<UUID> ids, Durability durability, Verdicts verdicts,
        Limits limits, Executor openers, int ownSegmentBytes, Expirations expirations) {
    /** Opens one partition after the other, in the caller's thread. */
    public BrokerContext(Disk disk, EpochClock clock, Supplier<UUID> ids, Durability durability, Verdicts verdicts) {
        this(disk, clock, ids, durability, verdicts, Limits.DEFAULT, Runnable::run,
                TopicConfig.INTERNAL_SEGMENT_BYTES, Expirations.DEFAULT);
    }

    public BrokerContext(Disk disk, EpochClock clock, Supplier<UUID> ids) {
        this(disk, clock, ids, Durability.PROCESS, Verdicts.STRICT);
    }

    public BrokerContext withDurability(Durability level) {
        return new BrokerContext(disk, clock, ids, level, verdicts, limits, openers, ownSegmentBytes,
                expirations);
    }

    /** The same world with threads to open partitions on. */
    public BrokerContext withOpeners(Executor threads) {
        return new BrokerContext(disk, clock, ids, durability, verdicts, limits, threads, ownSegmentBytes,
                expirations);
    }

    public BrokerContext withLimits(Limits most) {
        return new BrokerContext(disk, clock, ids, durability, verdicts, most, openers, ownSegmentBytes,
                expirations);
    }

    /** Holds for the logs that are created with it, and at every opening for the metadata log. */
    public BrokerContext withOwnSegmentBytes(int bytes) {
        return new BrokerContext(disk, clock, ids, durability, verdicts, limits, openers, bytes, expirations);
    }

    public BrokerContext withExpirations(Expirations times) {
        return new BrokerContext(disk, clock, ids, durability, verdicts, limits, openers, ownSegmentBytes, times);
    }
}
