package io.semel.client.consumer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.transactions.coordinator.TransactionSession;

import static io.semel.client.consumer.Rig.LONG;
import static io.semel.client.consumer.Rig.TOPIC;
import static io.semel.client.consumer.Rig.at;
import static io.semel.client.consumer.Rig.take;
import static io.semel.client.consumer.Rig.values;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class ReadingTest {
    private Rig rig;

    @BeforeEach
    void open(@TempDir Path path) throws Exception {
        rig = Rig.open(path).withTopic(TOPIC, 3);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private EmbeddedConsumer<String, String> reading(TopicPartition id, Object... settings) {
        EmbeddedConsumer<String, String> consumer = rig.consumer(CommitStyle.MANUAL, settings);
        consumer.assign(List.of(id));
        return consumer;
    }

    @Test
    void aRecordCarriesEverythingThatWasWritten() {
        rig.write(at(1), 4_711, "a", "bc");
        ConsumerRecords<String, String> records = reading(at(1)).poll(LONG);
        ConsumerRecord<String, String> second = records.records(at(1)).get(1);
        assertEquals(1, second.offset());
        assertEquals("kbc", second.key());
        assertEquals("bc", second.value());
        assertEquals(4_711, second.timestamp());
        assertEquals(TimestampType.CREATE_TIME, second.timestampType());
        assertEquals(3, second.serializedKeySize());
        assertEquals(2, second.serializedValueSize());
        assertEquals("v", new String(second.headers().lastHeader("h").value()));
        assertEquals(Optional.of(0), second.leaderEpoch());
        assertEquals(2, records.nextOffsets().get(at(1)).offset());
    }

    @Test
    void aSeekIntoABatchSkipsItsOlderRecords() {
        rig.write(at(0), "a", "b", "c");
        EmbeddedConsumer<String, String> consumer = reading(at(0));
        consumer.seek(at(0), 2);
        assertEquals(List.of("c"), values(consumer.poll(LONG)));
        consumer.seekToBeginning(List.of());
        assertEquals(0, consumer.position(at(0)));
        assertEquals(List.of("a", "b", "c"), values(consumer.poll(LONG)));
        consumer.seekToEnd(List.of(at(0)));
        assertEquals(3, consumer.position(at(0)));
        assertTrue(consumer.poll(Duration.ZERO).isEmpty());
    }

    @Test
    void aPollHasAtMostMaxPollRecordsAndTheNextOneGoesOnFromThere() {
        rig.write(at(0), "a", "b", "c", "d", "e");
        EmbeddedConsumer<String, String> consumer = reading(at(0), "max.poll.records", 2);
        assertEquals(List.of("a", "b"), values(consumer.poll(LONG)));
        assertEquals(2, consumer.position(at(0)));
        assertEquals(List.of("c", "d"), values(consumer.poll(LONG)));
        assertEquals(List.of("e"), values(consumer.poll(LONG)));
    }

    @Test
    void noPartitionStarvesBesideAnother() {
        rig.write(at(0), "a", "b", "c", "d");
        rig.write(at(1), "x");
        EmbeddedConsumer<String, String> consumer = rig.consumer(CommitStyle.MANUAL, "max.poll.records", 1);
        consumer.assign(List.of(at(0), at(1)));
        Set<String> first = new HashSet<>(values(consumer.poll(LONG)));
        first.addAll(values(consumer.poll(LONG)));
        assertEquals(Set.of("a", "x"), first);
    }

    @Test
    void onePartitionGivesAtMostItsBytesInAPoll() {
        rig.write(at(0), "a", "b", "c");
        rig.write(at(1), "x", "y");
        EmbeddedConsumer<String, String> consumer = rig.consumer(CommitStyle.MANUAL, "max.partition.fetch.bytes", 3);
        consumer.assign(List.of(at(0), at(1)));
        assertEquals(List.of("a", "x"), values(consumer.poll(LONG)));
        assertEquals(List.of("b", "y"), values(consumer.poll(LONG)));
    }

    @Test
    void aPausedPartitionGivesNothingUntilItIsResumed() {
        rig.write(at(0), "a");
        rig.write(at(1), "b");
        EmbeddedConsumer<String, String> consumer = rig.consumer(CommitStyle.MANUAL);
        consumer.assign(List.of(at(0), at(1)));
        consumer.pause(List.of(at(0)));
        assertEquals(Set.of(at(0)), consumer.paused());
        assertEquals(List.of("b"), values(consumer.poll(LONG)));
        assertTrue(consumer.poll(Duration.ZERO).isEmpty());
        consumer.resume(List.of(at(0)));
        assertEquals(List.of("a"), values(consumer.poll(LONG)));
    }

    @Test
    void aCommittedReaderSeesNeitherOpenNorAbortedRecords() {
        TransactionSession session = rig.openSession("t");
        session.begin();
        rig.writeIn(session, at(0), 0, "aborted");
        Rig.abort(session);
        rig.write(at(0), "plain");
        session.begin();
        rig.writeIn(session, at(0), 1, "open");
        EmbeddedConsumer<String, String> committed = reading(at(0), "isolation.level", "read_committed");
        EmbeddedConsumer<String, String> all = reading(at(0));
        assertEquals(List.of("plain"), take(committed, 1));
        assertEquals(List.of("aborted", "plain", "open"), take(all, 3));
        assertEquals(3, committed.endOffsets(List.of(at(0))).get(at(0)));
        assertEquals(4, all.endOffsets(List.of(at(0))).get(at(0)));
        Rig.commit(session);
        assertEquals(List.of("open"), take(committed, 1));
    }

    @Test
    void theLagReachesZeroBehindMarkersAndAbortedRecords() {
        TransactionSession session = rig.openSession("t");
        session.begin();
        rig.writeIn(session, at(0), 0, "a");
        Rig.commit(session);
        session.begin();
        rig.writeIn(session, at(0), 1, "gone");
        Rig.abort(session);
        EmbeddedConsumer<String, String> consumer = reading(at(0), "isolation.level", "read_committed");
        assertTrue(consumer.currentLag(at(0)).isEmpty());
        assertEquals(List.of("a"), take(consumer, 1));
        assertEquals(4, consumer.position(at(0)));
        assertEquals(0, consumer.currentLag(at(0)).getAsLong());
    }

    @Test
    void withoutAnOffsetTheResetPolicyDecides() {
        rig.write(at(0), 1_000, "a");
        rig.write(at(0), System.currentTimeMillis(), "b");
        assertEquals(0, reading(at(0), "auto.offset.reset", "earliest").position(at(0)));
        assertEquals(2, reading(at(0), "auto.offset.reset", "latest").position(at(0)));
        assertEquals(1, reading(at(0), "auto.offset.reset", "by_duration:PT1H").position(at(0)));
        EmbeddedConsumer<String, String> none = reading(at(0), "auto.offset.reset", "none");
        assertEquals(Set.of(at(0)),
                assertThrows(NoOffsetForPartitionException.class, () -> none.poll(LONG)).partitions());
    }

    @Test
    void aPositionThatTheLogDoesNotHaveIsResetOrRefused() {
        rig.write(at(0), "a");
        EmbeddedConsumer<String, String> consumer = reading(at(0));
        consumer.seek(at(0), 100);
        assertEquals(List.of("a"), values(consumer.poll(LONG)));
        EmbeddedConsumer<String, String> none = reading(at(0), "auto.offset.reset", "none");
        none.seek(at(0), 100);
        assertEquals(Map.of(at(0), 100L), assertThrows(OffsetOutOfRangeException.class, () -> none.poll(LONG))
                .offsetOutOfRangePartitions());
    }

    @Test
    void aPositionWhoseRecordsWereDeletedIsResetOrRefused() throws Exception {
        for (int number = 0; number < 6; number++) {
            rig.write(at(0), "v" + number);
        }
        EmbeddedConsumer<String, String> consumer = reading(at(0), "max.poll.records", "1");
        EmbeddedConsumer<String, String> latest = reading(at(0), "max.poll.records", "1", "auto.offset.reset",
                "latest");
        EmbeddedConsumer<String, String> none = reading(at(0), "max.poll.records", "1", "auto.offset.reset", "none");
        none.seek(at(0), 0);
        latest.seek(at(0), 0);
        for (EmbeddedConsumer<String, String> each : List.of(consumer, latest, none)) {
            assertEquals(List.of("v0"), values(each.poll(LONG)));
        }
        assertEquals(4, rig.broker.deleteRecords(Rig.TOPIC, 0, 4));
        assertEquals(Map.of(at(0), 4L), consumer.beginningOffsets(List.of(at(0))));
        assertEquals(List.of("v4"), values(consumer.poll(LONG)), "a reader that stands there already included");
        assertEquals(Map.of(at(0), 1L), assertThrows(OffsetOutOfRangeException.class, () -> none.poll(LONG))
                .offsetOutOfRangePartitions());
        assertEquals(List.of(), values(latest.poll(Duration.ZERO)));
        assertEquals(6, latest.position(at(0)));
    }

    @Test
    void offsetsAreFoundByTime() {
        rig.write(at(0), 1_000, "a", "b");
        rig.write(at(0), 2_000, "c");
        EmbeddedConsumer<String, String> consumer = reading(at(0));
        Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(Map.of(at(0), 1_500L, at(1), 0L));
        assertEquals(2, found.get(at(0)).offset());
        assertEquals(2_000, found.get(at(0)).timestamp());
        assertNull(found.get(at(1)));
    }

    /** Refuses the value "bad". */
    private static final class Picky extends StringDeserializer {
        @Override
        public String deserialize(String topic, byte[] data) {
            String text = super.deserialize(topic, data);
            if (text.equals("bad")) {
                throw new SerializationException("bad indeed");
            }
            return text;
        }
    }

    @Test
    void aRecordThatCannotBeDeserializedIsNamedAndCanBePassed() {
        rig.write(at(0), "a", "bad", "c");
        EmbeddedConsumer<String, String> consumer = EmbeddedConsumer.open(rig.runtime,
                Map.of("auto.offset.reset", "earliest"), CommitStyle.MANUAL, new StringDeserializer(), new Picky());
        consumer.assign(List.of(at(0)));
        assertEquals(List.of("a"), values(consumer.poll(LONG)));
        for (int attempt = 0; attempt < 2; attempt++) {
            RecordDeserializationException refused = assertThrows(RecordDeserializationException.class,
                    () -> consumer.poll(LONG));
            assertEquals(at(0), refused.topicPartition());
            assertEquals(1, refused.offset());
            assertEquals("v", new String(refused.headers().lastHeader("h").value()));
            assertEquals(1, consumer.position(at(0)));
        }
        consumer.seek(at(0), 2);
        assertEquals(List.of("c"), values(consumer.poll(LONG)));
    }

    @Test
    void aReaderCrossesSegments() throws Exception {
        Map<String, String> smallForEver = Map.of("segment.bytes", "65536", "retention.ms", "-1");
        rig.broker.createTopic("small", 1, smallForEver);
        TopicPartition small = new TopicPartition("small", 0);
        List<String> written = new ArrayList<>();
        for (int index = 0; index < 200; index++) {
            String value = index + "x".repeat(1_000);
            written.add(value);
            rig.write(small, value);
        }
        assertEquals(written, take(reading(small), written.size()));
    }

    @Test
    void aTopicThatComesLaterIsReadOnceItIsThere() throws Exception {
        TopicPartition later = new TopicPartition("later", 0);
        EmbeddedConsumer<String, String> consumer = reading(later);
        assertTrue(consumer.poll(Duration.ZERO).isEmpty());
        assertTrue(consumer.partitionsFor("later").isEmpty());
        rig.withTopic("later", 2);
        rig.write(later, "a");
        assertEquals(List.of("a"), take(consumer, 1));
        assertEquals(2, consumer.partitionsFor("later").size());
        assertTrue(consumer.listTopics().keySet().containsAll(Set.of("later", TOPIC)));
    }

    @Test
    void chosenPartitionsKeepTheirPositionsWhenTheChoiceChanges() {
        rig.write(at(0), "a", "b");
        EmbeddedConsumer<String, String> consumer = reading(at(0));
        consumer.seek(at(0), 1);
        consumer.assign(List.of(at(0), at(1)));
        assertEquals(List.of("b"), values(consumer.poll(LONG)));
        assertFalse(consumer.assignment().isEmpty());
        consumer.unsubscribe();
        assertTrue(consumer.assignment().isEmpty());
        assertThrows(IllegalStateException.class, () -> consumer.poll(LONG));
        assertThrows(IllegalStateException.class, () -> consumer.position(at(0)));
    }
}
