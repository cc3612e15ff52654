package io.semel.server;

import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/** Records on their way: a flush says that nothing is under way any more, and only the futures say that all arrived. */
public final class Sends {
    private Sends() {
    }

    /** Takes every send off the queue, and throws what the first failed one failed with. */
    public static void confirm(Deque<Future<RecordMetadata>> sends) throws InterruptedException {
        while (!sends.isEmpty()) {
            try {
                sends.removeFirst().get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
            }
        }
    }
}
