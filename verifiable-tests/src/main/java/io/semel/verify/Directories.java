package io.semel.verify;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;

import io.semel.log.Durability;
import io.semel.log.memory.FileDisk;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.BrokerContext;
import io.semel.verify.VerifiableRecord.Side;
import io.semel.verify.scenarios.worker.Sabotage;

/** Opens the directory of a run. */
final class Directories {
    private Directories() {
    }

    static Broker open(Path directory, Sabotage sabotage) throws IOException {
        return Broker.open(directory,
                new BrokerContext(FileDisk.instance(), SystemEpochClock.INSTANCE, UUID::randomUUID,
                        Durability.PROCESS, sabotage).withSteadyClock(SystemNanoClock.INSTANCE));
    }

    /** A worker may have been killed before, between or after the two topics were made. */
    static void createTopics(Broker broker, int partitionCount) throws IOException {
        for (Side side : Side.values()) {
            if (!broker.hasTopic(side.topic())) {
                broker.createTopic(side.topic(), partitionCount, Map.of());
            }
        }
    }
}
