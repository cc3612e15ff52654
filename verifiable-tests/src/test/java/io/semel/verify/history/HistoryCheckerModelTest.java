package io.semel.verify.history;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import io.semel.client.DeliverySemantics;
import io.semel.verify.history.Anomaly.Extent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

class HistoryCheckerModelTest {
    private static final int TRANSACTIONS_OF_A_LONG_CHAIN = 100_000;

    private static Set<Anomaly> forbidden(HistoryVerdict verdict) {
        return verdict.forbidden(DeliverySemantics.EXACTLY_ONCE, Extent.COMPLETE);
    }

    @Property(tries = 400)
    void whatABrokerWithoutFaultsTellsIsClean(@ForAll long seed, @ForAll @IntRange(max = 300) int steps) {
        HistoryVerdict verdict = HistoryChecker.check(ModelLog.history(seed, steps));
        assertEquals(Set.of(), forbidden(verdict), () -> verdict.found().toString());
    }

    @Property(tries = 2_000)
    void oneCorruptionIsFoundAsWhatItIs(@ForAll long seed, @ForAll @IntRange(min = 20, max = 120) int steps,
            @ForAll Corruption corruption) {
        Optional<List<Event>> corrupted = corruption.apply(ModelLog.history(seed, steps), new Random(seed));
        Assume.that(corrupted.isPresent());
        HistoryVerdict verdict = HistoryChecker.check(corrupted.orElseThrow());
        assertFalse(Collections.disjoint(corruption.anomalies(), forbidden(verdict)), () -> "found " + verdict.found());
    }

    /** Transactions that each poll what the one before wrote: the deepest graph there is. */
    @Example
    void aLongChainOfTransactionsNeedsNoStackAndNoSquare() {
        List<Event> chain = IntStream.range(0, TRANSACTIONS_OF_A_LONG_CHAIN).boxed().flatMap(index -> {
            String process = "T" + index;
            return Stream.of(Event.subscribed(process, "g"), Event.begun(process), Event.polled(process, new Entry("x",
                    index, "v" + index)), Event
                            .sent(
                                    process, "x", index + 1, "v" + (index + 1)), Event.committed(process));
        }).toList();
        assertEquals(Map.of(Anomaly.UNSEEN, 1), HistoryChecker.check(chain).counts());
    }
}
