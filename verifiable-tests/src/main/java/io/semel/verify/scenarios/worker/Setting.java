package io.semel.verify.scenarios.worker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;

import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.SystemNanoClock;

import io.semel.client.DeliverySemantics;
import io.semel.log.Durability;
import io.semel.log.memory.FileDisk;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.BrokerContext;
import io.semel.verify.programs.Copying.Placement;

/**
 * What does not change in a run.
 *
 * @param placement  where copies go
 * @param membership how copiers share the input
 */
public record Setting(Path directory, DeliverySemantics semantics, Durability durability, Sabotage sabotage,
        Placement placement, Membership membership) {
    public static final String INPUT = "in";
    public static final String OUTPUT = "out";
    public static final String GROUP = "copiers";

    /** Of either topic: as many as copiers, so that each can have its own. */
    public static final int PARTITIONS = 3;

    /** How copiers share the input. */
    public enum Membership {
        /** A group shares the partitions out; offsets are committed with the member's generation. */
        GROUP_METADATA,
        /** Each has one partition for ever; nothing but its transactional id fences it. */
        ASSIGNED
    }

    public Setting {
        directory = directory.toAbsolutePath();
    }

    public Broker open(EpochClock clock) throws IOException {
        return Broker.open(directory, new BrokerContext(FileDisk.instance(), clock, UUID::randomUUID, durability,
                sabotage).withSteadyClock(SystemNanoClock.INSTANCE));
    }
}
