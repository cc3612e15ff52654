package io.semel.client.consumer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.runtime.ClientRuntime;
import io.semel.client.runtime.Waiting;
import io.semel.log.memory.FileDisk;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.BrokerContext;
import io.semel.transactions.coordinator.Initialization;
import io.semel.transactions.coordinator.TransactionSession;
import io.semel.transactions.groups.CommitRequest;
import io.semel.transactions.groups.Membership;
import io.semel.transactions.groups.OffsetToCommit;
import io.semel.transactions.records.TransactionHome;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The machine's clock is set while a consumer waits: what it waits for is counted by another one, which never is. */
@Timeout(60)
class SetClockTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    private final AtomicLong aheadMs = new AtomicLong();
    private final EpochClock clock = () -> System.currentTimeMillis() + aheadMs.get();

    @Test
    void aConsumerThatWaitsForATransactionGoesOnWhenTheClockIsSetBack(@TempDir Path path) throws Exception {
        Broker broker = Broker.open(path, new BrokerContext(FileDisk.instance(), clock, UUID::randomUUID)
                .withSteadyClock(SystemNanoClock.INSTANCE));
        try (ClientRuntime runtime = ClientRuntime.start(broker, clock)) {
            broker.createTopic("orders", 1, Map.of("retention.ms", "-1"));
            TransactionSession session = begin(broker);
            commitOffset(broker, session);
            EmbeddedConsumer<String, String> consumer = Rig.consumer(runtime, CommitStyle.MANUAL, "group.id", "g");
            consumer.assign(List.of(ORDERS));
            for (int time = 0; time < 20; time++) {
                consumer.poll(Duration.ofMillis(5));
            }
            aheadMs.addAndGet(-Duration.ofHours(1).toMillis());
            Rig.abort(session);
            assertEquals(0, consumer.position(ORDERS, TEN_SECONDS));
        }
    }

    private static TransactionSession begin(Broker broker) throws Exception {
        Initialization initialization = broker.transactions().initialize("t", 60_000, TransactionHome.EMBEDDED);
        Waiting.upTo(TEN_SECONDS, "the initialization").stepUntilSettled(initialization::step);
        TransactionSession session = initialization.session();
        session.begin();
        session.touch(broker.partition(Broker.OFFSETS_TOPIC, 0));
        return session;
    }

    private void commitOffset(Broker broker, TransactionSession session) {
        CommitRequest request = new CommitRequest("g", Membership.NOBODY, List.of(OffsetToCommit.of("orders", 0, 0)));
        broker.groups().commitInTransaction(session.producerId(), session.epoch(), request, clock.time(), answer -> {
            // What the consumer finds tells.
        });
    }
}
