package io.semel.log;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** L7 over a whole log: in every interleaving offsets are dense, and all that was appended is readable and folded once. */
public class LogInterleavingsTest {
    private final SmallLog log = SmallLog.open();

    @Operation
    public long appendOne() {
        return log.append(SmallLog.ONE_RECORD);
    }

    @Operation
    public long appendTwo() {
        return log.append(SmallLog.TWO_RECORDS);
    }

    @Operation
    public String read() {
        return log.describeContent();
    }

    @Validate
    public void nobodyIsLeftBehind() {
        if (log.log.frontierOffset() != log.log.claimedOffset()) {
            throw new IllegalStateException("left behind: " + log.log);
        }
    }

    @Test
    void aWholeLogIsLinear() {
        Interleavings.few().check(LogInterleavingsTest.class);
    }
}
