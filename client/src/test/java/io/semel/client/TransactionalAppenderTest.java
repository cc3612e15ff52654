package io.semel.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.TransactionalAppender.Target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TransactionalAppenderTest {
    @TempDir
    Path directory;
    private Semel semel;
    private Target a;
    private Target b;
    private TransactionalAppender appender;

    @BeforeEach
    void open() throws IOException {
        semel = Semel.open(directory);
        semel.admin().createTopic("a", 1, Map.of("segment.bytes", "131072"));
        semel.admin().createTopic("b", 1, Map.of("segment.bytes", "131072"));
        semel.admin().createTopic("in", 1);
        openAppender();
    }

    private void openAppender() {
        appender = semel.openTransactionalAppender("t");
        a = appender.target("a", 0);
        b = appender.target("b", 0);
    }

    @AfterEach
    void close() throws IOException {
        semel.close();
    }

    private void reopen() throws IOException {
        semel.close();
        semel = Semel.open(directory);
        openAppender();
    }

    private void put(Target target, String value) {
        appender.append(target, null, Records.bytes(value));
    }

    private List<String> committed(String topic) {
        return Records.read(semel, DeliverySemantics.EXACTLY_ONCE, topic);
    }

    private long offsetOf(String group) {
        var found = semel.admin().groupOffsets(group).get(new TopicPartition("in", 0));
        return found == null ? -1 : found.offset();
    }

    @Test
    void recordsAndOffsetsBecomeVisibleTogetherOrNotAtAll() throws IOException {
        appender.begin();
        put(a, "1");
        put(b, "1");
        appender.commitOffset("g", "in", 0, 10);
        assertEquals(List.of(), committed("a"));
        assertEquals(-1, offsetOf("g"));
        appender.commit();
        appender.begin();
        put(a, "2");
        put(b, "2");
        appender.commitOffset("g", "in", 0, 20);
        appender.abort();
        for (int life = 0; life < 2; life++) {
            assertEquals(List.of("1"), committed("a"));
            assertEquals(List.of("1"), committed("b"));
            assertEquals(10, offsetOf("g"));
            reopen();
        }
    }

    @Test
    void manyTransactionsKeepTheirOrder() throws IOException {
        List<String> expected = new ArrayList<>();
        for (int number = 0; number < 3_000; number++) {
            appender.begin();
            put(number % 2 == 0 ? a : b, "x" + number);
            appender.commitOffset("g", "in", 0, number);
            if (number % 3 == 0) {
                appender.abort();
            } else {
                appender.commit();
                if (number % 2 == 0) {
                    expected.add("x" + number);
                }
            }
        }
        assertEquals(expected, committed("a"));
        reopen();
        assertEquals(expected, committed("a"));
        assertEquals(2_999, offsetOf("g"));
    }

    @Test
    void transactionLargerThanManyBatchesIsOne() {
        appender.begin();
        for (int number = 0; number < 20_000; number++) {
            put(a, "value " + number);
        }
        assertEquals(List.of(), committed("a"));
        appender.commit();
        assertEquals(20_000, committed("a").size());
    }

    @Test
    void newerInstanceFencesThisOne() {
        appender.begin();
        put(a, "old");
        TransactionalAppender young = semel.openTransactionalAppender("t");
        ProducerFencedException fenced = assertThrows(ProducerFencedException.class, appender::commit);
        assertTrue(fenced.getMessage().contains("newer instance"), fenced.getMessage());
        young.begin();
        young.append(young.target("a", 0), null, Records.bytes("young"));
        assertThrows(ProducerFencedException.class, () -> appender.commitOffset("g", "in", 0, 1));
        appender.close();
        young.commit();
        assertEquals(List.of("young"), committed("a"));
        assertEquals(-1, offsetOf("g"));
    }

    @Test
    void closingAbortsWhatIsOpen() {
        appender.begin();
        put(a, "x");
        appender.close();
        appender.close();
        assertEquals(List.of(), committed("a"));
        assertThrows(IllegalStateException.class, appender::begin);
        openAppender();
        appender.begin();
        put(a, "y");
        appender.commit();
        assertEquals(List.of("y"), committed("a"));
    }

    @Test
    void closingTheDirectoryAbortsWhatIsOpen() throws IOException {
        appender.begin();
        put(a, "x");
        reopen();
        assertEquals(0, semel.recovery().abortedBranches());
        assertEquals(List.of(), committed("a"));
    }

    @Test
    void recordsThatWereNeverFlushedAreGoneAfterAnAbort() {
        appender.begin();
        put(a, "x");
        appender.abort();
        appender.begin();
        put(a, "y");
        appender.commit();
        assertEquals(List.of("y"), Records.read(semel, DeliverySemantics.AT_LEAST_ONCE, "a"));
    }

    @Test
    void callsOutsideATransactionAreRefused() {
        assertThrows(IllegalStateException.class, () -> put(a, "x"));
        assertThrows(IllegalStateException.class, appender::commit);
        assertThrows(IllegalStateException.class, appender::abort);
        assertThrows(IllegalStateException.class, () -> appender.commitOffset("g", "in", 0, 1));
        appender.begin();
        appender.commit();
        assertThrows(IllegalStateException.class, () -> put(a, "x"));
    }

    @Test
    void topicDeletedUnderAnOpenTransactionIsReportedAndTheNextOneWorks() {
        appender.begin();
        put(a, "x");
        put(b, "x");
        semel.admin().deleteTopic("a");
        RuntimeException failure = assertThrows(RuntimeException.class, appender::commit);
        assertTrue(failure.getMessage().contains("a-0"), failure.getMessage());
        appender.abort();
        appender.begin();
        put(b, "y");
        appender.commit();
        assertEquals(List.of("y"), committed("b"));
    }

    @Test
    void internalTopicsAreNoTargets() {
        assertThrows(InvalidTopicException.class, () -> appender.target("__consumer_offsets", 0));
        assertThrows(InvalidTopicException.class, () -> appender.target("__transaction_state", 0));
    }

    @Test
    void whatDoesNotExistIsSaidInKafkasWords() {
        assertThrows(UnknownTopicOrPartitionException.class, () -> appender.target("nowhere", 0));
        appender.begin();
        assertThrows(UnknownTopicOrPartitionException.class, () -> appender.commitOffset("g", "nowhere", 0, 1));
        appender.abort();
    }
}
