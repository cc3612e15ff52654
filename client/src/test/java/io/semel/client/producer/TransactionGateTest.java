package io.semel.client.producer;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class TransactionGateTest {
    private static final int ROUNDS = 300_000;

    private static TransactionGate ready() {
        TransactionGate gate = TransactionGate.of("t");
        gate.become(TransactionState.INITIALIZING, "test");
        gate.become(TransactionState.READY, "test");
        return gate;
    }

    /** What was lost is lost, also for whoever saw it in the moment in which another thread went on without it. */
    @Test
    void whoLooksWhileAnotherThreadAbortsAndBeginsAnewHearsOfNothingButALoss() throws InterruptedException {
        TransactionGate gate = ready();
        AtomicBoolean isOver = new AtomicBoolean();
        Thread owner = new Thread(() -> {
            KafkaException why = new KafkaException("lost");
            for (int round = 0; round < ROUNDS; round++) {
                gate.begin();
                gate.lost(why);
                gate.become(TransactionState.ABORTING, "test");
                gate.become(TransactionState.READY, "test");
            }
            isOver.set(true);
        });
        owner.start();
        while (!isOver.get()) {
            try {
                gate.throwIfFailed();
            } catch (KafkaException e) {
                assertEquals("lost", e.getCause().getMessage());
            }
        }
        owner.join();
    }

    /** Its own command stands behind the close, which nothing passes: nobody else would end the transaction. */
    @Test
    void aCloseAbortsATransactionWhoseCommitCameTooLate(@TempDir Path path) throws Exception {
        try (ProducerRig rig = ProducerRig.open(path, 1)) {
            TransactionGate gate = ready();
            ProducerSettings settings = ProducerSettings.parse(ProducerRig.configs("transactional.id", "t"),
                    new StringSerializer(), new StringSerializer());
            TransactionWork work = new TransactionWork(rig.broker(), settings, gate);
            gate.begin();
            gate.become(TransactionState.COMMITTING, "commitTransaction");
            assertTrue(work.stepClose());
            assertEquals(TransactionState.READY, gate.state());
        }
    }

    /** T1: from the moment in which the coordinator has the commit, its answer alone counts. */
    @Test
    void aLossForbidsACommitUntilItIsBeingDecidedAndNotLater() {
        TransactionGate gate = ready();
        gate.begin();
        gate.become(TransactionState.COMMITTING, "test");
        gate.lost(new KafkaException("in time"));
        assertThrows(KafkaException.class, gate::decide);
        gate.become(TransactionState.ABORTING, "test");
        gate.become(TransactionState.READY, "test");
        gate.begin();
        gate.become(TransactionState.COMMITTING, "test");
        gate.decide();
        gate.lost(new KafkaException("too late"));
        gate.decide();
        gate.become(TransactionState.READY, "test");
    }
}
