package io.semel.benchmarks.jmh;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import io.semel.benchmarks.workload.Payload;
import io.semel.benchmarks.workload.semel.SemelAppend;
import io.semel.client.Appender;
import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;

/** An idempotent appender into a fresh directory, per iteration. */
@State(Scope.Thread)
public class OpenIdempotentAppender {
    private ScratchDirectory directory;
    private Semel semel;
    private Appender appender;
    private byte[] payload;

    @Setup(Level.Iteration)
    public void open() throws Exception {
        directory = ScratchDirectory.create();
        semel = Semel.open(directory.path());
        semel.admin().createTopic(SemelAppend.TOPIC, 1);
        appender = semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, SemelAppend.TOPIC, 0);
        payload = Payload.create(Payload.SMALL);
    }

    void append() {
        SemelAppend.appendBatched(appender, payload, 0, OpenAppender.RECORDS);
    }

    @TearDown(Level.Iteration)
    public void close() throws Exception {
        appender.close();
        semel.close();
        directory.close();
    }
}
