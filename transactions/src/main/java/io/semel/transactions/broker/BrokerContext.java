package io.semel.transactions.broker;

import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;

import io.semel.idempotence.Verdicts;
import io.semel.log.Durability;
import io.semel.log.memory.Disk;
import io.semel.log.memory.Limits;

/**
 * The world that a broker is given.
 *
 * @param clock    milliseconds since the epoch: for what is written down, and read again by another process. It may be
 *                 set
 * @param ids      where topic ids, member ids and the cluster id come from
 * @param durability of topics that do not say theirs, and of the broker's own logs
 * @param verdicts   {@link Verdicts#STRICT} for everybody but the verifiable tests
 * @param limits     how much of the process the directory may take
 * @param openers    threads on which partitions are opened side by side; used only while the broker opens
 * @param ownSegmentBytes capacity of a segment of the broker's own logs; less than the default where disks are
 *                        simulated
 * @param expirations after how long who is idle is forgotten
 * @param steady     counts what begins and ends within this process, sessions and time-outs: it is never set
 */
public record BrokerContext(Disk disk, EpochClock clock, Supplier<UUID> ids, Durability durability, Verdicts verdicts,
        Limits limits, Executor openers, int ownSegmentBytes, Expirations expirations,
        NanoClock steady) {
    /**
     * Opens one partition after the other, in the caller's thread, and counts by the clock alone: for clocks that
     * nobody sets.
     */
    public BrokerContext(Disk disk, EpochClock clock, Supplier<UUID> ids, Durability durability, Verdicts verdicts) {
        this(disk, clock, ids, durability, verdicts, Limits.DEFAULT, Runnable::run,
                TopicConfig.INTERNAL_SEGMENT_BYTES, Expirations.DEFAULT,
                () -> TimeUnit.MILLISECONDS.toNanos(clock.time()));
    }

    public BrokerContext(Disk disk, EpochClock clock, Supplier<UUID> ids) {
        this(disk, clock, ids, Durability.PROCESS, Verdicts.STRICT);
    }

    public BrokerContext withDurability(Durability level) {
        return new BrokerContext(disk, clock, ids, level, verdicts, limits, openers, ownSegmentBytes,
                expirations, steady);
    }

    /** The same world with threads to open partitions on. */
    public BrokerContext withOpeners(Executor threads) {
        return new BrokerContext(disk, clock, ids, durability, verdicts, limits, threads, ownSegmentBytes,
                expirations, steady);
    }

    public BrokerContext withLimits(Limits most) {
        return new BrokerContext(disk, clock, ids, durability, verdicts, most, openers, ownSegmentBytes,
                expirations, steady);
    }

    /** Holds for the logs that are created with it, and at every opening for the metadata log. */
    public BrokerContext withOwnSegmentBytes(int bytes) {
        return new BrokerContext(disk, clock, ids, durability, verdicts, limits, openers, bytes, expirations,
                steady);
    }

    public BrokerContext withExpirations(Expirations times) {
        return new BrokerContext(disk, clock, ids, durability, verdicts, limits, openers, ownSegmentBytes, times,
                steady);
    }

    public BrokerContext withSteadyClock(NanoClock unset) {
        return new BrokerContext(disk, clock, ids, durability, verdicts, limits, openers, ownSegmentBytes,
                expirations, unset);
    }
}
