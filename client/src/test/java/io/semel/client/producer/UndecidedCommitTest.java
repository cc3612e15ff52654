package io.semel.client.producer;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.errors.TransactionError;
import io.semel.client.errors.TransactionError.Kind;
import io.semel.client.errors.TransactionError.Outcome;
import io.semel.log.Durability;

import static io.semel.client.producer.ProducerRig.TOPIC;
import static io.semel.client.producer.ProducerRig.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/**
 * A directory in POWER, and a topic in it that promises less: its records are acknowledged, and then can't be forced
 * for the commit.
 */
@Timeout(60)
class UndecidedCommitTest {
    private final FullableDisk disk = new FullableDisk();
    private ProducerRig rig;

    @BeforeEach
    void open(@TempDir Path path) throws Exception {
        rig = ProducerRig.open(path, 1, disk, Durability.POWER);
        rig.broker().createTopic("lower", 1, Map.of("semel.durability", "process"));
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void aCommitThatCantBeDecidedIsAbortableAndNothingOfItIsEverCommitted() throws Exception {
        try (EmbeddedProducer<String, String> producer = rig.transactional("t")) {
            producer.beginTransaction();
            producer.send(record(0, "x")).get();
            producer.send(new ProducerRecord<>("lower", 0, null, "x")).get();
            disk.unforceable = "lower-0";
            KafkaException told = assertThrows(KafkaException.class, producer::commitTransaction);
            assertEquals(new TransactionError(Kind.ABORTABLE, Outcome.NOT_COMMITTED), TransactionError.of(told));
            // Where it is in service the abort is marked; where it is not, at the next opening.
            KafkaException rest = assertThrows(KafkaException.class, producer::abortTransaction);
            assertEquals(new TransactionError(Kind.FATAL, Outcome.NOT_COMMITTED), TransactionError.of(rest));
        }
        assertEquals(0, rig.broker().partition(TOPIC, 0).stableOffset() - rig.broker().partition(TOPIC, 0)
                .readableOffset());
        assertEquals(List.of(), rig.committed(0));
    }
}
