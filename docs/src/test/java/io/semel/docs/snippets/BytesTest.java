package io.semel.docs.snippets;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.agrona.concurrent.BusySpinIdleStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.Appender;
import io.semel.client.Reader;
import io.semel.client.RecordSlice;
import io.semel.client.Semel;
import io.semel.client.TransactionalAppender;
import io.semel.log.batch.RecordFilter;

import static io.semel.client.DeliverySemantics.AT_LEAST_ONCE;
import static io.semel.client.DeliverySemantics.EXACTLY_ONCE;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** The short way, for those who want the bytes. */
class BytesTest {
    @TempDir
    Path directory;

    private Semel semel;

    @BeforeEach
    void open() throws Exception {
        semel = Semel.open(directory);
        semel.admin().createTopic("ticks", 1);
        semel.admin().createTopic("trades", 1);
    }

    @AfterEach
    void close() throws Exception {
        semel.close();
    }

    @Test
    void appenderAndReaderShareTheMappedBytes() {
        List<String> seen = new ArrayList<>();
        // snippet: appender-reader
        try (Appender appender = semel.openAppender(AT_LEAST_ONCE, "ticks", 0);
                Reader reader = semel.openReader(EXACTLY_ONCE, "ticks", 0, 0)) {
            appender.append(bytes("EURUSD"), bytes("1.0842"));
            appender.append(bytes("EURUSD"), bytes("1.0843"));
            appender.awaitAcknowledged();

            if (reader.await(Duration.ofSeconds(5))) {
                // The cursor stands on mapped bytes: copy what must outlive the call.
                reader.poll(record -> seen.add(record.offset() + " " + text(record.copyValue())), 100);
            }
        }
        // end-snippet
        assertEquals(List.of("0 1.0842", "1 1.0843"), seen);
    }

    @Test
    void aTransactionTakesTheSourcesPositionAlong() {
        // snippet: transactional-appender
        try (TransactionalAppender transactions = semel.openTransactionalAppender("matcher")) {
            TransactionalAppender.Target trades = transactions.target("trades", 0);
            transactions.begin();
            transactions.append(trades, bytes("EURUSD"), bytes("bought 3"));
            transactions.commitOffset("matcher", "ticks", 0, 2);
            transactions.commit();
        }
        // end-snippet
        List<String> seen = new ArrayList<>();
        try (Reader reader = semel.openReader(EXACTLY_ONCE, "trades", 0, 0)) {
            reader.poll(record -> seen.add(text(record.copyValue())), 100);
        }
        assertEquals(List.of("bought 3"), seen);
        assertEquals(2, semel.admin().groupOffsets("matcher").values().iterator().next().offset());
    }

    @Test
    void aRecordIsWrittenInPlaceOrGivenUp() {
        List<String> seen = new ArrayList<>();
        try (Appender appender = semel.openAppender(AT_LEAST_ONCE, "ticks", 0)) {
            // snippet: direct-claim
            ByteBuffer value = appender.claim(bytes("EURUSD"), 2 * Long.BYTES);
            // The log's own bytes. Until the end of the claim nobody sees what is appended behind it: write at once.
            value.putLong(10842).putLong(1_000_000);
            appender.commit();

            appender.claim(bytes("EURUSD"), 2 * Long.BYTES);
            appender.abort();
            // end-snippet
            appender.awaitAcknowledged();
        }
        try (Reader reader = semel.openReader(EXACTLY_ONCE, "ticks", 0, 0)) {
            reader.poll(record -> seen.add(record.offset() + " " + ByteBuffer.wrap(record.copyValue()).getLong()), 100);
            assertEquals(2, reader.nextOffset());
        }
        assertEquals(List.of("0 10842"), seen);
    }

    @Test
    void aFilterIsAskedBeforeARecordIsHandedOverAndASliceOutlivesTheCall() {
        List<String> seen = new ArrayList<>();
        try (Appender appender = semel.openAppender(AT_LEAST_ONCE, "ticks", 0)) {
            appender.append(bytes("EURUSD"), bytes("1.0842"));
            appender.append(bytes("USDJPY"), bytes("151.20"));
            appender.awaitAcknowledged();
        }
        List<RecordSlice> kept = new ArrayList<>();
        // snippet: filter
        try (Reader reader = semel.openReader(EXACTLY_ONCE, "ticks", 0, 0)) {
            reader.filter(RecordFilter.keyIs(bytes("USDJPY")));
            if (reader.await(Duration.ofSeconds(5), new BusySpinIdleStrategy())) {
                // A slice holds its segment mapped until it is closed: close it, and soon.
                reader.poll(record -> kept.add(reader.retain()), 100);
            }
        }
        for (RecordSlice slice : kept) {
            try (slice) {
                seen.add(slice.offset() + " " + StandardCharsets.UTF_8.decode(slice.value()));
            }
        }
        // end-snippet
        assertEquals(List.of("1 151.20"), seen);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
