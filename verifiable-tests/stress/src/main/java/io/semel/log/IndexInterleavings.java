package io.semel.log;

import org.jetbrains.lincheck.datastructures.Operation;

/** L7: in every interleaving, who sees the count of an index sees the entries below it. */
public class IndexInterleavings {
    private static final int STEP_BYTES = 100;

    private final OffsetIndex index = new OffsetIndex();
    private int added;

    /** The baton's holder alone adds. */
    @Operation(nonParallelGroup = "advancer")
    public void add() {
        added++;
        index.add(added, added * STEP_BYTES);
    }

    @Operation
    public boolean findsTheLastCounted() {
        int count = index.count();
        return index.floorPosition(count) == count * STEP_BYTES;
    }
}
