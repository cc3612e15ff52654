package io.semel.log;

import java.util.concurrent.atomic.AtomicInteger;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;

/**
 * L7 over a whole log: in every interleaving offsets are dense, and all that was appended is readable and folded once.
 */
public class LogInterleavings {
    private final SmallLog log = SmallLog.open();
    private final AtomicInteger appended = new AtomicInteger();

    @Operation
    public long appendOne() {
        appended.incrementAndGet();
        return log.append(SmallLog.ONE_RECORD);
    }

    @Operation
    public long appendTwo() {
        appended.incrementAndGet();
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
        if (log.folded != appended.get() || log.passedUnfolded) {
            throw new IllegalStateException("folded=" + log.folded + " appended=" + appended + " passedUnfolded="
                    + log.passedUnfolded);
        }
    }
}
