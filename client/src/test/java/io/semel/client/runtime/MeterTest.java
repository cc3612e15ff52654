package io.semel.client.runtime;

import java.util.Map;
import java.util.stream.Collectors;

import org.apache.kafka.common.MetricName;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MeterTest {
    @Test
    void nothingHasNoAverageAndNoMaximum() {
        Meter meter = new Meter();
        assertEquals(0, meter.total());
        assertEquals(0, meter.perSecond());
        assertTrue(Double.isNaN(meter.average()));
        assertTrue(Double.isNaN(meter.max()));
    }

    @Test
    void amountsAreAddedUpCountedAndCompared() {
        Meter meter = new Meter();
        meter.add(10);
        meter.add(-4);
        meter.add(3);
        assertEquals(9, meter.total());
        assertEquals(3, meter.times());
        assertEquals(3, meter.average());
        assertEquals(10, meter.max());
        // Counted as if the meter were a window of 30 s old.
        assertTrue(meter.perSecond() > 0 && meter.perSecond() <= 9 / 30.0, () -> "" + meter.perSecond());
        assertTrue(meter.timesPerSecond() > 0 && meter.timesPerSecond() <= 3 / 30.0);
    }

    @Test
    void metricsComeAndGoByTheirTags() {
        ClientMetrics metrics = new ClientMetrics("me");
        ClientMetrics.Group all = metrics.group("group").gauge("size", "a size", () -> 1);
        ClientMetrics.Group part = all.tagged(Map.of("part", "0")).gauge("size", "a size", () -> 2);
        assertEquals(Map.of(Map.of("client-id", "me"), 1.0, Map.of("client-id", "me", "part", "0"), 2.0),
                metrics.view().entrySet().stream().collect(Collectors.toMap(entry -> entry.getKey().tags(),
                        entry -> entry.getValue().metricValue())));
        part.remove();
        assertEquals(1, metrics.view().size());
        MetricName left = metrics.view().keySet().iterator().next();
        assertEquals("group size a size", left.group() + ' ' + left.name() + ' ' + left.description());
        assertThrows(UnsupportedOperationException.class, () -> metrics.view().clear());
    }
}
