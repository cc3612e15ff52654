package io.semel.client.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.agrona.concurrent.SystemEpochClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.memory.FileDisk;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.BrokerContext;

import static org.junit.jupiter.api.Assertions.assertTrue;

class ConductorTest {
    @TempDir
    Path directory;

    @Test
    void dutyThatEndsInAnErrorIsSteppedAgainAndStopsNoOther() throws IOException, InterruptedException {
        BrokerContext context = new BrokerContext(FileDisk.instance(), SystemEpochClock.INSTANCE, UUID::randomUUID);
        CountDownLatch failed = new CountDownLatch(2);
        CountDownLatch others = new CountDownLatch(2);
        try (Broker broker = Broker.open(directory, context);
                Conductor conductor = Conductor.start(broker,
                        new CoarseClock(SystemEpochClock.INSTANCE))) {
            conductor.add(() -> {
                failed.countDown();
                throw new StackOverflowError("made up");
            });
            conductor.add(() -> {
                others.countDown();
                return 0;
            });
            assertTrue(failed.await(60, TimeUnit.SECONDS));
            assertTrue(others.await(60, TimeUnit.SECONDS));
        }
    }
}
