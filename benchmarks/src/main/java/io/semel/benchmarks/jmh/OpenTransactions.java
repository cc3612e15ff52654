package io.semel.benchmarks.jmh;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import io.semel.benchmarks.workload.Payload;
import io.semel.benchmarks.workload.semel.SemelTransactions;
import io.semel.benchmarks.workload.semel.TransactionalAppend;
import io.semel.client.Semel;
import io.semel.client.TransactionalAppender;
import io.semel.log.Durability;

/** A transactional appender into a fresh directory, per iteration. */
@State(Scope.Thread)
public class OpenTransactions {
    /** Transactions an invocation: JMH's own loop then costs nothing beside them. */
    static final int TRANSACTIONS = 100;

    private ScratchDirectory directory;
    private Semel semel;
    private TransactionalAppender appender;
    private TransactionalAppender.Target target;
    private byte[] payload;
    private long consumed;

    @Setup(Level.Iteration)
    public void open() throws Exception {
        directory = ScratchDirectory.create();
        semel = SemelTransactions.openTopics(directory.path(), 1, Durability.PROCESS);
        appender = semel.openTransactionalAppender("bench");
        target = SemelTransactions.target(appender);
        payload = Payload.create(Payload.SMALL);
        consumed = 0;
    }

    void transact() {
        for (int i = 0; i < TRANSACTIONS; i++) {
            Payload.number(payload, consumed);
            SemelTransactions.transact(appender, target, payload, 0, ++consumed);
        }
    }

    void transactLarge() {
        TransactionalAppend.transact(appender, target, payload, 0, TransactionalAppend.RECORDS);
    }

    @TearDown(Level.Iteration)
    public void close() throws Exception {
        appender.close();
        semel.close();
        directory.close();
    }
}
