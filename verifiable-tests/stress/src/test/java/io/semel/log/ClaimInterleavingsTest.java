package io.semel.log;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** L7: in every interleaving, claims and seal answer as if one came after the other. */
public class ClaimInterleavingsTest {
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

    @Test
    void claimsAndSealAreLinear() {
        Interleavings.some().check(ClaimInterleavingsTest.class);
    }
}
