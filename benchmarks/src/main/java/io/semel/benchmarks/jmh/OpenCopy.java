package io.semel.benchmarks.jmh;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import io.semel.benchmarks.workload.copy.CopyTopics;
import io.semel.benchmarks.workload.copy.KafkaCopy;
import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;

/** A loop over a full input topic, begun again at its start when it is through, in a fresh directory per iteration. */
@State(Scope.Thread)
public class OpenCopy {
    static final int RECORDS = 1_000;

    private static final int UNITS = 100;

    @Param({"AT_LEAST_ONCE", "EXACTLY_ONCE"})
    private DeliverySemantics semantics;

    private ScratchDirectory directory;
    private Semel semel;
    private KafkaCopy copy;
    private int unit;

    @Setup(Level.Iteration)
    public void open() throws Exception {
        directory = ScratchDirectory.create();
        semel = CopyTopics.open(directory.path(), UNITS * RECORDS);
        copy = KafkaCopy.open(semel, semantics, RECORDS);
        unit = 0;
    }

    void copyUnit() {
        if (unit == UNITS) {
            copy.rewind();
            unit = 0;
        }
        copy.copyUnit();
        unit++;
    }

    @TearDown(Level.Iteration)
    public void close() throws Exception {
        copy.close();
        semel.close();
        directory.close();
    }
}
