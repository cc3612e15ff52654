package io.semel.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.admin.TransactionAdmin.TransactionFilter;
import io.semel.client.admin.TransactionAdmin.TransactionSummary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Two phases (KIP-939) as a user goes through them: prepare here, commit there, complete by what the database says. */
class PreparedAppenderTest {
    @TempDir
    Path directory;
    private Semel semel;

    @BeforeEach
    void open() throws IOException {
        semel = Semel.open(directory);
        semel.admin().createTopic("orders", 1, Map.of("segment.bytes", "65536"));
    }

    @AfterEach
    void close() throws IOException {
        semel.close();
    }

    private void reopen() throws IOException {
        semel.close();
        semel = Semel.open(directory);
    }

    private static PreparedTransaction prepare(TransactionalAppender appender) {
        appender.begin();
        appender.append(appender.target("orders", 0), null, new byte[] {1});
        return appender.prepare();
    }

    private boolean isVisible() {
        return semel.admin().stableOffsetHold("orders", 0).isEmpty();
    }

    @Test
    void itSurvivesCloseAndWhoComesBackCompletesItByWhatWasDecidedElsewhere() throws IOException {
        for (boolean commits : List.of(true, false)) {
            PreparedTransaction prepared = prepare(semel.openTransactionalAppender("t"));
            reopen();
            assertFalse(isVisible());
            TransactionalAppender back = semel.reopenTransactionalAppender("t");
            assertEquals(Optional.of(prepared), back.prepared());
            Optional<PreparedTransaction> decided = commits
                    ? Optional.of(PreparedTransaction.parse(prepared.toString()))
                    : Optional.empty();
            assertEquals(commits, back.complete(decided));
            assertTrue(isVisible());
            assertEquals(Optional.empty(), back.prepared());
            back.begin();
            back.abort();
        }
    }

    @Test
    void nothingIsAddedToWhatIsPrepared() {
        TransactionalAppender appender = semel.openTransactionalAppender("t");
        PreparedTransaction prepared = prepare(appender);
        assertEquals(prepared, appender.prepare(), "again");
        assertThrows(IllegalStateException.class, () -> appender.append(appender.target("orders", 0), null,
                new byte[1]));
        assertThrows(IllegalStateException.class, () -> appender.commitOffset("g", "orders", 0, 1));
        assertThrows(RuntimeException.class, appender::begin);
        appender.commit();
        assertTrue(isVisible());
        assertThrows(IllegalStateException.class, () -> appender.complete(Optional.of(prepared)));
    }

    @Test
    void whoOpensAnewAbortsIt() throws IOException {
        prepare(semel.openTransactionalAppender("t"));
        reopen();
        semel.openTransactionalAppender("t");
        assertTrue(isVisible());
    }

    @Test
    void anOperatorSeesItByAgeAndEndsItEitherWay() throws IOException {
        for (boolean commits : List.of(true, false)) {
            prepare(semel.openTransactionalAppender("t"));
            reopen();
            TransactionSummary found = semel.admin().listTransactions(TransactionFilter.OPEN).get(0);
            assertEquals("Prepared", found.state());
            assertTrue(found.isOpen() && found.begunMs() > 0);
            assertEquals(-1, found.timesOutMs());
            if (commits) {
                semel.admin().commitTransaction("t");
            } else {
                semel.admin().abortTransaction("t");
            }
            assertTrue(isVisible());
            assertEquals(commits ? "CompleteCommit" : "CompleteAbort", semel.admin().describeTransaction("t").summary()
                    .state());
            assertThrows(InvalidTxnStateException.class, () -> semel.admin().commitTransaction("t"));
        }
    }

    @Test
    void theNameOfOneIsItsText() {
        assertEquals(new PreparedTransaction(41, (short) 2), PreparedTransaction.parse("41:2"));
        for (String bad : List.of("", "41", "41:", ":2", "41:2:3", "x:y")) {
            assertThrows(IllegalArgumentException.class, () -> PreparedTransaction.parse(bad));
        }
    }
}
