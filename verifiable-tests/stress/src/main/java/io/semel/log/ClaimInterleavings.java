package io.semel.log;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/** L7: in every interleaving, claims and seal answer as if one came after the other. */
public class ClaimInterleavings {
    private final Segment segment = Segments.open();

    @Operation
    public String claim(@Param(gen = IntGen.class, conf = "1:3") int recordCount) {
        return Segments.claim(segment, recordCount, recordCount * 20 + 48);
    }

    @Operation
    public long seal() {
        segment.seal();
        return segment.endPosition();
    }
}
