package io.semel.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

import org.agrona.concurrent.SystemEpochClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.runtime.ClientRuntime;
import io.semel.log.memory.FileDisk;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.BrokerContext;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class ReaderLeaseTest {
    private static long mappingsOf(Path directory) throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(directory.toString())).count();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void readerOpenedWhileTheDirectoryClosesKeepsNothingMapped(@TempDir Path directory) throws IOException {
        BrokerContext context = new BrokerContext(FileDisk.instance(), SystemEpochClock.INSTANCE, UUID::randomUUID);
        ClientRuntime runtime = ClientRuntime.start(Broker.open(directory, context), context.clock());
        runtime.broker().createTopic("orders", 1, Map.of());
        Partition partition = runtime.partition("orders", 0);
        // What is closed with the directory runs at just that moment.
        runtime.register(() -> assertThrows(IllegalStateException.class,
                () -> new Reader(runtime, partition, Isolation.READ_COMMITTED, 0)));
        runtime.close();
        assertEquals(0, mappingsOf(directory));
    }
}
