package io.semel.client.consumer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.RebalanceProtocol;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.apache.kafka.clients.consumer.StickyAssignor;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static io.semel.client.consumer.Rig.TOPIC;
import static io.semel.client.consumer.Rig.at;
import static io.semel.client.consumer.Rig.take;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class SettingsTest {
    private Rig rig;

    @BeforeEach
    void open(@TempDir Path path) throws Exception {
        rig = Rig.open(path).withTopic(TOPIC, 1);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private String refusal(CommitStyle style, Object... settings) {
        return assertThrows(ConfigException.class, () -> rig.consumer(style, settings)).getMessage();
    }

    @Test
    void deserializersMayComeByName() {
        rig.write(at(0), "a");
        EmbeddedConsumer<String, String> consumer = EmbeddedConsumer.open(rig.runtime,
                Map.of("auto.offset.reset", "earliest", "key.deserializer", StringDeserializer.class,
                        "value.deserializer", StringDeserializer.class.getName()),
                CommitStyle.MANUAL, null, null);
        consumer.assign(List.of(at(0)));
        assertEquals(List.of("a"), take(consumer, 1));
        assertThrows(ConfigException.class,
                () -> EmbeddedConsumer.open(rig.runtime, Map.of(), CommitStyle.MANUAL, null, null));
    }

    /** Counts those that are open, and refuses to be configured for values. */
    public static final class Counted extends StringDeserializer {
        private static final AtomicInteger OPEN = new AtomicInteger();

        public Counted() {
            OPEN.incrementAndGet();
        }

        @Override
        public void configure(Map<String, ?> configs, boolean isKey) {
            if (!isKey) {
                throw new ConfigException("never for values");
            }
        }

        @Override
        public void close() {
            OPEN.decrementAndGet();
        }
    }

    @Test
    void aDeserializerThatCantBeConfiguredLeavesNoneOpen() {
        assertThrows(ConfigException.class, () -> EmbeddedConsumer.open(rig.runtime, Map.of("key.deserializer",
                Counted.class, "value.deserializer", Counted.class), CommitStyle.MANUAL, null, null));
        assertEquals(0, Counted.OPEN.get());
    }

    @Test
    void whatKafkaRefusesIsRefused() {
        assertTrue(refusal(CommitStyle.MANUAL, "max.poll.records", 0).contains("max.poll.records"));
        assertTrue(refusal(CommitStyle.MANUAL, "auto.offset.reset", "sometimes").contains("auto.offset.reset"));
        assertTrue(refusal(CommitStyle.MANUAL, "isolation.level", "none").contains("isolation.level"));
        assertThrows(InvalidConfigurationException.class,
                () -> rig.consumer(CommitStyle.AFTER_PROCESSING, "enable.auto.commit", true));
    }

    @Test
    void whatIsNotServedYetIsRefusedByName() {
        assertTrue(refusal(CommitStyle.MANUAL, "group.protocol", "consumer", "group.id", "g").contains(
                "not served yet"));
        EmbeddedConsumer<String, String> consumer = rig.consumer(CommitStyle.MANUAL);
        assertThrows(UnsupportedOperationException.class, () -> consumer.subscribe(new SubscriptionPattern("a")));
        assertThrows(IllegalStateException.class, () -> consumer.clientInstanceId(Duration.ZERO));
    }

    /**
     * By class name or class, one or several; as in Kafka several rebalance by the best protocol that all of them
     * speak.
     */
    @Test
    void assignorsDecideByWhichProtocolTheMemberRebalances() {
        assertEquals(RebalanceProtocol.EAGER, protocol(Map.of()));
        assertEquals(RebalanceProtocol.EAGER, protocol(Map.of("partition.assignment.strategy",
                StickyAssignor.class.getName())));
        assertEquals(RebalanceProtocol.COOPERATIVE, protocol(Map.of("partition.assignment.strategy",
                List.of(CooperativeStickyAssignor.class))));
        assertEquals(RebalanceProtocol.EAGER, protocol(Map.of("partition.assignment.strategy",
                CooperativeStickyAssignor.class.getName() + ',' + RoundRobinAssignor.class.getName())));
        assertTrue(refusal(CommitStyle.MANUAL, "partition.assignment.strategy",
                List.of(OnlyCooperative.class, StickyAssignor.class)).contains("no rebalance protocol"));
    }

    private static RebalanceProtocol protocol(Map<String, Object> configs) {
        return ConsumerSettings.parse(configs, CommitStyle.MANUAL, new StringDeserializer(), new StringDeserializer())
                .rebalanceProtocol();
    }

    /** Speaks nothing else. */
    public static final class OnlyCooperative extends CooperativeStickyAssignor {
        @Override
        public List<RebalanceProtocol> supportedProtocols() {
            return List.of(RebalanceProtocol.COOPERATIVE);
        }
    }

    @Test
    void autoCommitMayNotContradictTheSemantics() {
        assertTrue(refusal(CommitStyle.MANUAL, "group.id", "g", "enable.auto.commit", true).contains("contradicts"));
        assertTrue(refusal(CommitStyle.BEFORE_HANDOVER, "group.id", "g", "enable.auto.commit", false)
                .contains("contradicts"));
        rig.consumer(CommitStyle.MANUAL, "group.id", "g", "enable.auto.commit", false).close();
        rig.consumer(CommitStyle.BEFORE_HANDOVER, "group.id", "g", "enable.auto.commit", true).close();
    }

    @Test
    void subscriptionsAndChoicesExcludeEachOther() {
        EmbeddedConsumer<String, String> consumer = rig.consumer(CommitStyle.MANUAL, "group.id", "g");
        assertThrows(IllegalStateException.class, () -> consumer.poll(Duration.ZERO));
        consumer.assign(List.of(at(0)));
        assertThrows(IllegalStateException.class, () -> consumer.subscribe(List.of(TOPIC)));
        consumer.enforceRebalance();
        consumer.unsubscribe();
        consumer.subscribe(Set.of(TOPIC));
        assertThrows(IllegalStateException.class, () -> consumer.assign(List.of(at(0))));
        assertThrows(IllegalArgumentException.class, () -> consumer.poll(Duration.ofMillis(-1)));
    }

    @Test
    void aClosedConsumerSaysSo() {
        EmbeddedConsumer<String, String> consumer = rig.consumer(CommitStyle.MANUAL);
        consumer.close();
        consumer.close();
        assertThrows(IllegalStateException.class, () -> consumer.poll(Duration.ZERO));
        assertThrows(IllegalStateException.class, consumer::assignment);
    }
}
