package io.semel.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class AppenderTest {
    @TempDir
    Path directory;
    private Semel semel;

    @BeforeEach
    void open() throws IOException {
        semel = Semel.open(directory);
        semel.admin().createTopic("orders", 1, Map.of("segment.bytes", "131072", "max.message.bytes", "65536"));
    }

    @AfterEach
    void close() throws IOException {
        semel.close();
    }

    private List<String> read() {
        return Records.read(semel, DeliverySemantics.AT_LEAST_ONCE, "orders");
    }

    @ParameterizedTest
    @EnumSource(names = {"AT_MOST_ONCE", "AT_LEAST_ONCE"})
    void recordsAreReadInTheOrderInWhichTheyWereAppendedAcrossSegmentsAndReopening(DeliverySemantics semantics)
            throws IOException {
        List<String> expected = new ArrayList<>();
        try (Appender appender = semel.openAppender(semantics, "orders", 0)) {
            for (int number = 0; number < 20_000; number++) {
                expected.add("value " + number);
                appender.append(null, Records.bytes("value " + number));
            }
        }
        assertEquals(expected, read());
        semel.close();
        semel = Semel.open(directory);
        assertEquals(expected, read());
        assertEquals(20_000, semel.admin().describeTopic("orders").partitions().get(0).end());
    }

    @Test
    void nothingIsReadableBeforeItsBatchIsFlushed() {
        Appender appender = semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, "orders", 0);
        appender.append(Records.bytes("k"), Records.bytes("v"));
        assertEquals(List.of(), read());
        assertEquals(1, appender.flush());
        assertEquals(1, appender.flush());
        assertEquals(List.of("v"), read());
    }

    @Test
    void slicesAndNullsArriveAsTheyWere() {
        try (Appender appender = semel.openAppender(DeliverySemantics.AT_MOST_ONCE, "orders", 0)) {
            ByteBuffer direct = ByteBuffer.allocateDirect(16);
            direct.put(4, Records.bytes("keyval"), 0, 6);
            appender.append(direct, 4, 3, direct, 7, 3);
            appender.append(direct, 0, -1, direct, 0, -1);
        }
        List<String> seen = new ArrayList<>();
        try (Reader reader = semel.openReader(DeliverySemantics.AT_MOST_ONCE, "orders", 0, 0)) {
            reader.poll(record -> seen.add(Records.text(record.keySlice()) + '=' + Records.value(record)), 10);
        }
        assertEquals(List.of("key=val", "null=null"), seen);
    }

    @Test
    void recordThatFitsNoBatchIsRefusedAndHarmsNothing() {
        try (Appender appender = semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, "orders", 0)) {
            appender.append(null, Records.bytes("before"));
            assertThrows(RecordTooLargeException.class, () -> appender.append(null, new byte[65536]));
            appender.append(null, Records.bytes("after"));
        }
        assertEquals(List.of("before", "after"), read());
    }

    @Test
    void closingFlushesAndClosingTwiceIsHarmless() {
        Appender appender = semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, "orders", 0);
        appender.append(null, Records.bytes("x"));
        appender.close();
        appender.close();
        assertEquals(List.of("x"), read());
        assertThrows(IllegalStateException.class, () -> appender.append(null, null));
        assertThrows(IllegalStateException.class, appender::flush);
    }

    @Test
    void closingTheDirectoryFlushesWhatWasLeftOpen() throws IOException {
        semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, "orders", 0).append(null, Records.bytes("x"));
        semel.close();
        semel.close();
        assertThrows(IllegalStateException.class,
                () -> semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, "orders", 0));
        semel = Semel.open(directory);
        assertEquals(List.of("x"), read());
    }

    @Test
    void clientThatCanNotFlushDoesNotKeepTheDirectoryLocked() throws IOException {
        Appender appender = semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, "orders", 0);
        appender.append(null, Records.bytes("homeless"));
        semel.admin().deleteTopic("orders");
        assertThrows(IOException.class, semel::close);
        semel = Semel.open(directory);
        assertEquals(List.of(), semel.admin().listTopics());
    }

    @Test
    void refusedBatchIsKeptForTheNextFlush() {
        Appender appender = semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, "orders", 0);
        appender.append(null, Records.bytes("homeless"));
        semel.admin().deleteTopic("orders");
        String first = assertThrows(RuntimeException.class, appender::flush).getMessage();
        assertEquals(first, assertThrows(RuntimeException.class, appender::flush).getMessage());
        assertEquals(first, assertThrows(RuntimeException.class, () -> appender.append(null, null)).getMessage());
        assertEquals(first, assertThrows(RuntimeException.class, appender::close).getMessage());
    }

    @Test
    void internalTopicsTakeNothingFromOutside() {
        for (String topic : List.of("__consumer_offsets", "__transaction_state")) {
            assertThrows(InvalidTopicException.class,
                    () -> semel.openAppender(DeliverySemantics.AT_MOST_ONCE, topic, 0));
        }
        assertThrows(UnknownTopicOrPartitionException.class,
                () -> semel.openAppender(DeliverySemantics.AT_MOST_ONCE, "__semel_metadata", 0));
        assertThrows(UnknownTopicOrPartitionException.class,
                () -> semel.openAppender(DeliverySemantics.AT_MOST_ONCE, "orders", 1));
        assertThrows(UnknownTopicOrPartitionException.class,
                () -> semel.openReader(DeliverySemantics.AT_MOST_ONCE, "nowhere", 0, 0));
        assertThrows(IllegalArgumentException.class,
                () -> semel.openAppender(DeliverySemantics.EXACTLY_ONCE, "orders", 0));
    }
}
