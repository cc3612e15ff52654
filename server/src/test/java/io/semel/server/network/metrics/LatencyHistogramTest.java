package io.semel.server.network.metrics;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LatencyHistogramTest {
    private static final double NANOS_PER_SECOND = 1_000_000_000;

    @Test
    void nothingTookNoTime() {
        assertEquals(0, new LatencyHistogram().percentileSeconds(0.99));
    }

    @Property(tries = 300)
    void everyTimeStandsInTheBucketThatEndsAtOrAboveIt(
            @ForAll @LongRange(min = 0, max = 600_000_000_000L) long tookNs) {
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.add(tookNs);
        int bucket = 0;
        while (histogram.count(bucket) == 0) {
            bucket++;
        }
        assertTrue(tookNs / NANOS_PER_SECOND <= LatencyHistogram.upperBoundSeconds(bucket));
        assertTrue(bucket == 0 || tookNs / NANOS_PER_SECOND > LatencyHistogram.upperBoundSeconds(bucket - 1));
    }

    @Property(tries = 200)
    void aPercentileIsWithinADoublingOfTheTrueOne(
            @ForAll @Size(min = 1, max = 200) List<@LongRange(min = 125_001, max = 100_000_000_000L) Long> times) {
        LatencyHistogram histogram = new LatencyHistogram();
        for (long each : times) {
            histogram.add(each);
        }
        long[] sorted = times.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        double median = sorted[(sorted.length - 1) / 2] / NANOS_PER_SECOND;
        double shown = histogram.percentileSeconds(0.5);
        assertTrue(shown >= median / 2 - 1e-9 && shown <= median * 2 + 1e-9, shown + " for " + median);
        assertEquals(times.size(), histogram.count());
    }
}
