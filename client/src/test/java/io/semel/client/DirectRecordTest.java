package io.semel.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.agrona.concurrent.BusySpinIdleStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.batch.RecordFilter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Writing in place, filtering in the engine, and keeping what a handler was shown. */
@Timeout(120)
class DirectRecordTest {
    @TempDir
    Path directory;
    private Semel semel;
    private Appender appender;

    @BeforeEach
    void open() throws IOException {
        semel = Semel.open(directory);
        semel.admin().createTopic("orders", 1);
        appender = semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, "orders", 0);
    }

    @AfterEach
    void close() throws IOException {
        semel.close();
    }

    private Reader reader() {
        return semel.openReader(DeliverySemantics.AT_LEAST_ONCE, "orders", 0, 0);
    }

    private void write(String key, String value) {
        ByteBuffer claimed = appender.claim(Records.bytes(key), value.length());
        claimed.put(Records.bytes(value));
        appender.commit();
    }

    @Test
    void aRecordWrittenInPlaceFollowsWhatWasAddedBeforeAndAnAbortedOneIsSkipped() {
        appender.append(null, Records.bytes("added"));
        write("k", "in place");
        appender.claim(Records.bytes("k"), 100).put((byte) 1);
        appender.abort();
        appender.append(null, Records.bytes("after"));
        appender.awaitAcknowledged();
        try (Reader reader = reader()) {
            assertEquals(List.of("added", "in place", "after"), Records.drain(reader));
            assertEquals(4, reader.nextOffset(), "the aborted claim has an offset of its own");
        }
    }

    @Test
    void aSecondClaimIsRefusedUntilTheFirstIsEnded() {
        appender.claim(null, 8);
        assertThrows(IllegalStateException.class, () -> appender.claim(null, 8));
        appender.abort();
        write("k", "again");
    }

    @Test
    void closingAbortsTheOwnClaim() {
        appender.claim(null, 8);
        appender.close();
        try (Appender other = semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, "orders", 0);
                Reader reader = reader()) {
            other.append(null, Records.bytes("behind it"));
            other.awaitAcknowledged();
            assertEquals(List.of("behind it"), Records.drain(reader));
        }
    }

    @Test
    void aFilterSeesKeysAndHeadersAndWhatItDoesNotWantIsPassedOver() {
        for (int number = 0; number < 10; number++) {
            write(number % 2 == 0 ? "even" : "odd", "value" + number);
        }
        try (Reader reader = reader()) {
            reader.filter(RecordFilter.keyIs(Records.bytes("even")));
            assertEquals(List.of("value0", "value2", "value4", "value6", "value8"), Records.drain(reader));
            assertEquals(10, reader.nextOffset());
            reader.seek(0);
            reader.filter(RecordFilter.headerIs(Records.bytes("none"), Records.bytes("none")));
            assertEquals(List.of(), Records.drain(reader));
        }
    }

    @Test
    void aSliceOutlivesItsHandlerItsReaderAndTheDirectory() throws Exception {
        write("key", "kept for later");
        List<RecordSlice> kept = new ArrayList<>();
        try (Reader reader = reader()) {
            assertThrows(IllegalStateException.class, reader::retain);
            reader.poll(record -> kept.add(reader.retain()), 1);
        }
        semel.close();
        RecordSlice slice = kept.get(0);
        assertEquals(0, slice.offset());
        assertEquals("key", new String(bytesOf(slice.key())));
        assertEquals("kept for later", new String(bytesOf(slice.value())));
        assertTrue(slice.value().isReadOnly());
        slice.close();
        slice.close();
        assertEquals(0, slice.value().remaining());
    }

    private static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    @Test
    void aCallbackRunsOnceWhenThereIsSomethingToRead() throws Exception {
        try (Reader reader = reader()) {
            CountDownLatch called = new CountDownLatch(2);
            reader.whenReadable(called::countDown);
            assertEquals(2, called.getCount());
            write("k", "first");
            assertEquals(1, called.getCount());
            write("k", "second");
            assertEquals(1, called.getCount());
            reader.whenReadable(called::countDown);
            assertTrue(called.await(0, TimeUnit.SECONDS), "there is something to read already");
        }
    }

    @Test
    void waitingByAnIdleStrategyEndsWithARecordOrTheTime() throws Exception {
        try (Reader reader = reader()) {
            assertFalse(reader.await(Duration.ofMillis(1), new BusySpinIdleStrategy()));
            Thread writer = new Thread(() -> write("k", "value"));
            writer.start();
            assertTrue(reader.await(Duration.ofSeconds(60), new BusySpinIdleStrategy()));
            writer.join();
        }
    }
}
