package io.semel.verify.clients;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * kafka-clients of the 3.x line and Kafka's own tools hear from Semel's server what they hear from Kafka. Today's
 * kafka-clients keep the contracts beside; the others need packages, see {@code ./semel verify clients}.
 */
class JvmClientsTest {

    @Test
    @Timeout(600)
    void theStoryIsTheSameAsOnKafka(@TempDir Path directory) throws Exception {
        ClientRun.Result result = new ClientRun(directory, List.of(ForeignClient.KAFKA_CLIENTS_3,
                ForeignClient.KAFKA_TOOLS), text -> {
                }).run(ClientRun.On.BOTH);
        result.verdicts().forEach(verdict -> assertEquals(List.of(), verdict.faults(), verdict::client));
    }
}
