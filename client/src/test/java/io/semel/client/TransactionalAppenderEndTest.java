package io.semel.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import org.agrona.concurrent.SystemEpochClock;
import org.apache.kafka.common.errors.InterruptException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.TransactionalAppender.Target;
import io.semel.client.runtime.ClientRuntime;
import io.semel.log.Claim;
import io.semel.log.Log;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.log.memory.FileDisk;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.BrokerContext;
import io.semel.transactions.coordinator.Initialization;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.records.TransactionHome;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A commit or an abort that was not answered: nothing may land behind the marker that it will write. */
class TransactionalAppenderEndTest {
    @TempDir
    Path directory;
    private ClientRuntime runtime;
    private TransactionalAppender appender;
    private Target target;
    private Log log;
    private final Claim hole = new Claim();
    private ByteBuffer other;
    private boolean claimed;

    @BeforeEach
    void open() throws IOException {
        Broker broker = Broker.open(directory, new BrokerContext(FileDisk.instance(), SystemEpochClock.INSTANCE,
                UUID::randomUUID));
        broker.createTopic("a", 1, Map.of("segment.bytes", "131072"));
        runtime = ClientRuntime.start(broker, SystemEpochClock.INSTANCE);
        Initialization initialization = broker.transactions().initialize("t", 60_000, TransactionHome.EMBEDDED);
        assertEquals(Progress.DONE, initialization.step());
        appender = new TransactionalAppender(runtime, initialization.session(), new OffsetCommitter(runtime),
                Optional.empty());
        target = appender.target("a", 0);
        log = broker.partition("a", 0).log();
        RecordBatchWriter batch = new RecordBatchWriter(256, 8192);
        batch.begin(0);
        batch.tryAppend(0, Records.bytes("k"), Records.bytes("v"));
        other = batch.finish();
    }

    @AfterEach
    void close() throws IOException {
        if (claimed) {
            goOn();
        }
        runtime.close();
    }

    private void put() {
        appender.append(target, null, Records.bytes("x"));
    }

    /** Another writer stops in the middle of its copy, and the one who waits for it is interrupted. */
    private void beginAndBeInterruptedIn(Runnable end) {
        appender.begin();
        // Large enough that the first record is written before the end is asked for.
        appender.append(target, null, new byte[20_000]);
        appender.append(target, null, new byte[20_000]);
        assertTrue(log.tryClaim(hole, 1, other.remaining()) >= 0);
        claimed = true;
        Thread.currentThread().interrupt();
        assertThrows(InterruptException.class, end::run);
        assertTrue(Thread.interrupted());
    }

    private void refuses(Runnable call, String pending) {
        String message = assertThrows(IllegalStateException.class, call::run).getMessage();
        assertTrue(message.contains(pending + " is under way") && message.contains(pending + "() again"), message);
    }

    private void goOn() {
        claimed = false;
        hole.fill(other, other.position());
        log.publish(hole);
    }

    @Test
    void whileACommitIsUnderWayOnlyACommitIsAccepted() {
        beginAndBeInterruptedIn(appender::commit);
        refuses(this::put, "commit");
        refuses(() -> appender.commitOffset("g", "a", 0, 1), "commit");
        refuses(appender::abort, "commit");
        refuses(appender::begin, "commit");
        goOn();
        appender.commit();
        appender.begin();
        put();
        appender.commit();
    }

    @Test
    void whileAnAbortIsUnderWayOnlyAnAbortIsAccepted() {
        beginAndBeInterruptedIn(appender::abort);
        refuses(this::put, "abort");
        refuses(() -> appender.commitOffset("g", "a", 0, 1), "abort");
        refuses(appender::commit, "abort");
        goOn();
        appender.abort();
        appender.begin();
        put();
        appender.commit();
    }
}
