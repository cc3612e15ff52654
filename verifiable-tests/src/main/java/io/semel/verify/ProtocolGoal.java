package io.semel.verify;

import java.util.Arrays;
import java.util.List;

import io.semel.verify.longrun.Count;
import io.semel.verify.longrun.Goal;
import io.semel.verify.longrun.Reached;
import io.semel.verify.protocol.ProtocolCounts;

import static io.semel.verify.protocol.Count.BATCHES;
import static io.semel.verify.protocol.Count.ENDED;
import static io.semel.verify.protocol.Count.EXPIRED;
import static io.semel.verify.protocol.Count.FENCED;
import static io.semel.verify.protocol.Count.OFFSETS;
import static io.semel.verify.protocol.Count.RECORDS;
import static io.semel.verify.protocol.Count.REFUSED;
import static io.semel.verify.protocol.Count.RETRIES;
import static io.semel.verify.protocol.Count.SHARES;
import static io.semel.verify.protocol.Count.STAGED;

/** What a long run's histories of the protocol must have in them, property by property, each in events of its own. */
enum ProtocolGoal {
    JUDGED("I1 I2 I3", Count.BATCHES_JUDGED, 1_000_000, BATCHES, RETRIES, REFUSED),
    UNKNOWN("I4", Count.EXPIRED_ANSWERS, 50_000, EXPIRED),
    ENDS("T1", Count.TRANSACTIONS_ENDED, 1_000_000, ENDED),
    FENCES("T6", Count.FENCED_ANSWERS, 500_000, FENCED),
    COMMITTED_OFFSETS("G1", Count.OFFSETS_COMMITTED, 500_000, OFFSETS, STAGED),
    TOLD_SHARES("G2", Count.SHARES_TOLD, 100_000, SHARES),
    WRITTEN("E2", Count.RECORDS_WRITTEN, 150_000, RECORDS);

    /** They are enough for the rest of the table. */
    private static final Goal LIVES = Goal.of("I1 T1 T6 G1 G2", Count.HISTORIES, 1_000_000);

    private final Goal goal;
    private final List<io.semel.verify.protocol.Count> counted;

    ProtocolGoal(String properties, Count what, long whole, io.semel.verify.protocol.Count... counted) {
        this.goal = Goal.of(properties, what, whole);
        this.counted = List.of(counted);
    }

    /** The number of histories first: it is the one that a person sets. */
    static Goal[] all() {
        Goal[] all = new Goal[values().length + 1];
        all[0] = LIVES;
        for (ProtocolGoal each : values()) {
            all[each.ordinal() + 1] = each.goal;
        }
        return all;
    }

    static void tell(Reached reached, long lives, ProtocolCounts counts) {
        reached.set(Count.HISTORIES, lives);
        Arrays.stream(values()).forEach(each -> reached.set(each.goal.what(), each.reached(counts)));
    }

    /** How many histories like these reach it. */
    long livesFor(long lives, ProtocolCounts counts) {
        long reached = Math.max(1, reached(counts));
        return (goal.whole() * lives + reached - 1) / reached;
    }

    String words() {
        return goal.what().words().strip() + " (" + goal.properties() + ")";
    }

    long whole() {
        return goal.whole();
    }

    long reached(ProtocolCounts counts) {
        return counted.stream().mapToLong(counts::of).sum();
    }
}
