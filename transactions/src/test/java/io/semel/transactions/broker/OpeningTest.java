package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.semel.log.CorruptLogException;
import io.semel.log.memory.FileDisk;
import io.semel.transactions.partition.Partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class OpeningTest {
    @TempDir
    Path directory;

    private final TestClock clock = new TestClock();

    private BrokerContext context() {
        return new BrokerContext(FileDisk.instance(), clock, UUID::randomUUID);
    }

    @Test
    void partitionsOpenedSideBySideStandInTheirOrder() throws Exception {
        try (Broker broker = Broker.open(directory, context())) {
            broker.createTopic("orders", 7, BrokerRig.SMALL);
            broker.createTopic("prices", 3, BrokerRig.SMALL);
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Broker broker = Broker.open(directory, context().withOpeners(threads))) {
            for (String topic : List.of("orders", "prices")) {
                List<String> ids = new ArrayList<>();
                List<String> expected = new ArrayList<>();
                for (Partition partition : broker.topic(topic).partitions()) {
                    expected.add(topic + '-' + ids.size());
                    ids.add(partition.id().toString());
                }
                assertEquals(expected, ids);
            }
            assertEquals(7, broker.topic("orders").partitions().size());
        } finally {
            threads.shutdown();
        }
    }

    /**
     * Without them nothing works: what was opened is closed again, so the directory can be opened once it is mended.
     */
    @ParameterizedTest
    @ValueSource(strings = {"__semel_metadata", "__transaction_state", "__consumer_offsets"})
    void damageInATopicOfTheBrokersOwnRefusesTheOpeningAndLeavesNothingOpen(String topic) throws Exception {
        try (Broker broker = Broker.open(directory, context())) {
            broker.createTopic("orders", 5, BrokerRig.SMALL);
        }
        Path stranger = Files.createFile(directory.resolve(topic + "-0").resolve("not-a-segment.log"));
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            for (int round = 0; round < 2; round++) {
                IOException refused = assertThrows(CorruptLogException.class,
                        () -> Broker.open(directory, context().withOpeners(threads)).close());
                assertEquals(true, refused.getMessage().contains(topic), refused::getMessage);
            }
            Files.delete(stranger);
            Broker.open(directory, context().withOpeners(threads)).close();
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aLongOpeningSaysHowFarItIs() {
        OpeningProgress progress = new OpeningProgress(directory, clock, 10);
        progress.read(1000);
        progress.opened();
        assertEquals(0, progress.reports());
        clock.advance(OpeningProgress.REPORT_EVERY_MS);
        progress.read(1000);
        progress.read(1000);
        assertEquals(1, progress.reports());
    }
}
