package io.semel.client.consumer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.transactions.broker.Broker;
import io.semel.transactions.coordinator.TransactionSession;
import io.semel.transactions.groups.CommitRequest;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.Membership;
import io.semel.transactions.groups.OffsetToCommit;

import static io.semel.client.consumer.Rig.LONG;
import static io.semel.client.consumer.Rig.TOPIC;
import static io.semel.client.consumer.Rig.at;
import static io.semel.client.consumer.Rig.take;
import static io.semel.client.consumer.Rig.values;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class CommitTest {
    private static final String GROUP = "g";

    @TempDir
    private Path path;
    private Rig rig;

    @BeforeEach
    void open() throws Exception {
        rig = Rig.open(path).withTopic(TOPIC, 2);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private EmbeddedConsumer<String, String> consumer(CommitStyle style, Object... settings) {
        Object[] all = new Object[settings.length + 2];
        all[0] = "group.id";
        all[1] = GROUP;
        System.arraycopy(settings, 0, all, 2, settings.length);
        return rig.consumer(style, all);
    }

    private EmbeddedConsumer<String, String> subscribed(CommitStyle style, Object... settings) {
        EmbeddedConsumer<String, String> consumer = consumer(style, settings);
        consumer.subscribe(List.of(TOPIC));
        return consumer;
    }

    /** Looked up by somebody else. */
    private long committed() {
        EmbeddedConsumer<String, String> other = consumer(CommitStyle.MANUAL);
        OffsetAndMetadata offset = other.committed(Set.of(at(0))).get(at(0));
        other.close();
        return offset == null ? -1 : offset.offset();
    }

    @Test
    void aManualConsumerCommitsOnlyWhenToldTo() {
        rig.write(at(0), "a", "b");
        EmbeddedConsumer<String, String> consumer = subscribed(CommitStyle.MANUAL);
        take(consumer, 2);
        consumer.close();
        assertEquals(-1, committed());
        consumer = subscribed(CommitStyle.MANUAL);
        take(consumer, 2);
        consumer.commitSync();
        assertEquals(2, committed());
        consumer.commitSync(Map.of(at(0), new OffsetAndMetadata(1, "note")));
        assertEquals("note", consumer.committed(Set.of(at(0))).get(at(0)).metadata());
        assertNull(consumer.committed(Set.of(new TopicPartition("unknown", 7)))
                .get(new TopicPartition("unknown", 7)));
    }

    @Test
    void committedOffsetsSurviveAReopening() throws Exception {
        rig.write(at(0), "a", "b", "c");
        EmbeddedConsumer<String, String> consumer = subscribed(CommitStyle.MANUAL);
        take(consumer, 3);
        consumer.commitSync(Map.of(at(0), new OffsetAndMetadata(2)));
        rig.close();
        rig = Rig.open(path);
        assertEquals(List.of("c"), take(subscribed(CommitStyle.MANUAL), 1));
    }

    @Test
    void beforeHandoverTheGroupIsPastWhatAPollReturns() {
        rig.write(at(0), "a", "b", "c");
        EmbeddedConsumer<String, String> consumer = subscribed(CommitStyle.BEFORE_HANDOVER, "max.poll.records", 2);
        assertEquals(List.of("a", "b"), values(consumer.poll(LONG)));
        assertEquals(2, committed());
        assertEquals(List.of("c"), values(consumer.poll(LONG)));
        assertEquals(3, committed());
    }

    @Test
    void whatCouldNotBeCommittedBeforeIsNotHandedOver() {
        EmbeddedConsumer<String, String> consumer = subscribed(CommitStyle.BEFORE_HANDOVER);
        consumer.poll(Duration.ZERO);
        rig.broker.groups().leave(GROUP, consumer.groupMetadata().memberId(), null, System.currentTimeMillis());
        rig.write(at(0), "a");
        assertEquals(List.of("a"), take(consumer, 1));
        assertEquals(2, consumer.groupMetadata().generationId());
        assertEquals(1, committed());
    }

    @Test
    void afterProcessingTheNextPollCommitsWhatTheLastOneReturned() {
        rig.write(at(0), "a");
        EmbeddedConsumer<String, String> consumer = subscribed(CommitStyle.AFTER_PROCESSING,
                "auto.commit.interval.ms", 0);
        assertEquals(List.of("a"), values(consumer.poll(LONG)));
        assertEquals(-1, committed());
        consumer.poll(Duration.ZERO);
        assertEquals(1, committed());
    }

    @Test
    void afterProcessingCloseCommitsAndSoDoesARebalance() {
        rig.write(at(0), "a");
        EmbeddedConsumer<String, String> consumer = subscribed(CommitStyle.AFTER_PROCESSING);
        take(consumer, 1);
        consumer.enforceRebalance();
        rig.write(at(0), "b");
        take(consumer, 1);
        assertEquals(1, committed());
        consumer.close();
        assertEquals(2, committed());
    }

    @Test
    void closingTheDirectoryCommitsNothingThatMayStillBeInWork() throws Exception {
        rig.write(at(0), "a");
        take(subscribed(CommitStyle.AFTER_PROCESSING), 1);
        rig.close();
        rig = Rig.open(path);
        assertEquals(List.of("a"), take(subscribed(CommitStyle.AFTER_PROCESSING), 1));
    }

    @Test
    void anOffsetOfADeletedTopicIsNotTakenForItsSuccessors() throws Exception {
        rig.write(at(0), "a", "b");
        EmbeddedConsumer<String, String> consumer = subscribed(CommitStyle.MANUAL);
        take(consumer, 2);
        consumer.commitSync();
        consumer.close();
        rig.broker.deleteTopic(TOPIC);
        rig.withTopic(TOPIC, 1);
        rig.write(at(0), "c", "d", "e");
        assertEquals(-1, committed());
        assertEquals(List.of("c", "d", "e"), take(subscribed(CommitStyle.MANUAL), 3));
    }

    @Test
    void aPositionInADeletedTopicIsNotKeptForItsSuccessor() throws Exception {
        rig.write(at(0), "a", "b");
        EmbeddedConsumer<String, String> consumer = consumer(CommitStyle.MANUAL);
        consumer.assign(List.of(at(0)));
        take(consumer, 2);
        rig.broker.deleteTopic(TOPIC);
        rig.withTopic(TOPIC, 1);
        rig.write(at(0), "c", "d", "e");
        consumer.commitSync();
        assertEquals(-1, committed());
        assertEquals(List.of("c", "d", "e"), take(consumer, 3));
        consumer.commitSync();
        assertEquals(3, committed());
    }

    @Test
    void whoMayNotCommitBeforehandIsToldAtOnce() {
        EmbeddedConsumer<String, String> member = subscribed(CommitStyle.MANUAL);
        member.poll(Duration.ZERO);
        rig.write(at(0), "a");
        EmbeddedConsumer<String, String> stranger = consumer(CommitStyle.BEFORE_HANDOVER);
        stranger.assign(List.of(at(0)));
        assertThrows(CommitFailedException.class, () -> stranger.poll(LONG));
        assertEquals(0, stranger.position(at(0)));
    }

    @Test
    void autoCommitSwitchedOffByConfigurationIsOff() {
        rig.write(at(0), "a");
        EmbeddedConsumer<String, String> consumer = subscribed(CommitStyle.AFTER_PROCESSING, "enable.auto.commit",
                false);
        take(consumer, 1);
        consumer.close();
        assertEquals(-1, committed());
    }

    @Test
    void asynchronousCommitsAreAnsweredOnThePollingThreadInTheirOrder() {
        EmbeddedConsumer<String, String> consumer = subscribed(CommitStyle.MANUAL);
        consumer.poll(Duration.ZERO);
        List<Long> answered = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (long offset = 1; offset <= 3; offset++) {
            consumer.commitAsync(Map.of(at(0), new OffsetAndMetadata(offset)), (offsets, failure) -> {
                assertNull(failure);
                answered.add(offsets.get(at(0)).offset());
                threads.add(Thread.currentThread());
            });
        }
        assertTrue(answered.isEmpty());
        consumer.commitSync(Map.of(at(1), new OffsetAndMetadata(1)));
        assertEquals(List.of(1L, 2L, 3L), answered);
        assertEquals(Set.of(Thread.currentThread()), Set.copyOf(threads));
        assertEquals(3, committed());
    }

    @Test
    void anAsynchronousCommitOfAStaleMemberFailsInItsCallback() {
        EmbeddedConsumer<String, String> consumer = subscribed(CommitStyle.MANUAL);
        consumer.poll(Duration.ZERO);
        rig.broker.groups().leave(GROUP, consumer.groupMetadata().memberId(), null, System.currentTimeMillis());
        AtomicInteger failed = new AtomicInteger();
        consumer.commitAsync(Map.of(at(0), new OffsetAndMetadata(1)), (offsets, failure) -> {
            assertInstanceOf(CommitFailedException.class, failure);
            failed.incrementAndGet();
        });
        consumer.poll(Duration.ZERO);
        assertEquals(1, failed.get());
        assertEquals(-1, committed());
    }

    @Test
    void closeAnswersWhatIsStillUnanswered() {
        EmbeddedConsumer<String, String> consumer = subscribed(CommitStyle.MANUAL);
        consumer.poll(Duration.ZERO);
        AtomicInteger answered = new AtomicInteger();
        consumer.commitAsync(Map.of(at(0), new OffsetAndMetadata(1)), (offsets, failure) -> answered.incrementAndGet());
        consumer.close();
        assertEquals(1, answered.get());
    }

    @Test
    void anOffsetInAnOpenTransactionIsWaitedFor() {
        rig.write(at(0), "a", "b");
        TransactionSession session = rig.openSession("t");
        session.begin();
        session.touch(rig.broker.partition(Broker.OFFSETS_TOPIC, 0));
        List<GroupError> staged = new ArrayList<>();
        rig.broker.groups().commitInTransaction(session.producerId(), session.epoch(), new CommitRequest(GROUP,
                Membership.NOBODY, List.of(OffsetToCommit.of(TOPIC, 0, 1))), session.now(), staged::add);
        assertEquals(List.of(GroupError.NONE), staged);
        EmbeddedConsumer<String, String> consumer = subscribed(CommitStyle.MANUAL, "isolation.level",
                "read_committed");
        assertTrue(consumer.poll(Duration.ofMillis(20)).isEmpty());
        assertThrows(TimeoutException.class, () -> consumer.committed(Set.of(at(0)), Duration.ofMillis(1)));
        assertThrows(TimeoutException.class, () -> consumer.position(at(0), Duration.ofMillis(1)));
        Rig.commit(session);
        assertEquals(List.of("b"), take(consumer, 1));
    }

    @Test
    void whoChoosesPartitionsMayCommitForAGroupWithoutMembers() {
        rig.write(at(0), "a");
        EmbeddedConsumer<String, String> consumer = consumer(CommitStyle.MANUAL);
        consumer.assign(List.of(at(0)));
        take(consumer, 1);
        consumer.commitSync();
        assertEquals(1, committed());
        EmbeddedConsumer<String, String> member = subscribed(CommitStyle.MANUAL);
        member.poll(Duration.ZERO);
        assertThrows(CommitFailedException.class, consumer::commitSync);
    }

    @Test
    void withoutAGroupNothingIsCommittedAndNobodySubscribes() {
        EmbeddedConsumer<String, String> consumer = rig.consumer(CommitStyle.BEFORE_HANDOVER);
        assertThrows(InvalidGroupIdException.class, consumer::commitSync);
        assertThrows(InvalidGroupIdException.class, () -> consumer.subscribe(List.of(TOPIC)));
        rig.write(at(0), "a");
        consumer.assign(List.of(at(0)));
        assertEquals(List.of("a"), take(consumer, 1));
    }

    /** Counts, and fails after counting. */
    public static final class Counting implements ConsumerInterceptor<String, String> {
        static final AtomicLong CONSUMED = new AtomicLong();
        static final AtomicLong COMMITTED = new AtomicLong();
        static final AtomicLong CLOSED = new AtomicLong();

        @Override
        public void configure(Map<String, ?> configs) {
            assertTrue(configs.containsKey("client.id"));
        }

        @Override
        public ConsumerRecords<String, String> onConsume(ConsumerRecords<String, String> records) {
            CONSUMED.addAndGet(records.count());
            throw new IllegalStateException("an interceptor's failure is its own");
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
            COMMITTED.addAndGet(offsets.size());
        }

        @Override
        public void close() {
            CLOSED.incrementAndGet();
        }
    }

    @Test
    void interceptorsSeeWhatIsConsumedAndCommitted() {
        rig.write(at(0), "a", "b");
        EmbeddedConsumer<String, String> consumer = subscribed(CommitStyle.MANUAL, "interceptor.classes",
                Counting.class.getName());
        take(consumer, 2);
        consumer.commitSync(Map.of(at(0), new OffsetAndMetadata(1)));
        consumer.close();
        assertEquals(2, Counting.CONSUMED.get());
        assertEquals(1, Counting.COMMITTED.get());
        assertEquals(1, Counting.CLOSED.get());
    }
}
