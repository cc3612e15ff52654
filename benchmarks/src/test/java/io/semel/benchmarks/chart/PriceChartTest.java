package io.semel.benchmarks.chart;

import java.io.StringReader;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PriceChartTest {
    private static final String SAMPLE = "{'recordsPerSecondAt1': %d, 'recordsPerSecondAt10': 10000,"
            + " 'recordsPerSecondAt100': 100000, 'recordsPerSecondAt1000': 100000, 'recordsPerSecondAt10000': 1000000,"
            + " 'p99NsAt1': 1000, 'p99NsAt10': 10000, 'p99NsAt100': 10000, 'p99NsAt1000': 10000, 'p99NsAt10000': 10000}";

    @Test
    void moreThroughputIsDrawnHigher() throws Exception {
        Document svg = draw("{'contenders': [{'id': 'semel-price-exactly-once', 'samples': [" + sample(1_000) + "]},"
                + " {'id': 'copy-limit', 'samples': []}]}");
        Element line = (Element) svg.getElementsByTagName("polyline").item(0);
        String[] points = line.getAttribute("points").split("[ ,]");
        assertEquals(10, points.length);
        // The axes end at the powers of ten around the data: the first point is in the lower left corner of the panel.
        assertEquals(70.0, Double.parseDouble(points[0]));
        assertEquals(285.0, Double.parseDouble(points[1]));
        assertEquals(35.0, Double.parseDouble(points[9]));
        assertEquals(2, svg.getElementsByTagName("polyline").getLength());
    }

    @Test
    void severalRoundsAreDrawnByTheirMedian() throws Exception {
        Document svg = draw("{'contenders': [{'id': 'semel-price-exactly-once', 'samples': [" + sample(1_000) + ", "
                + sample(1_000_000) + ", " + sample(1_000) + "]}]}");
        Element line = (Element) svg.getElementsByTagName("polyline").item(0);
        assertTrue(line.getAttribute("points").startsWith("70.0,285.0 "), line.getAttribute("points"));
    }

    @Test
    void aPictureNeedsNothingFromOutside() {
        String svg = PriceChart.of(json("{'contenders': [{'id': 'semel-price-short', 'samples': [" + sample(1)
                + "]}]}"));
        assertFalse(svg.replace("http://www.w3.org/2000/svg", "").contains("http"), svg);
        assertFalse(svg.contains("href"), svg);
    }

    @Test
    void resultsWithoutTheFiguresAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> PriceChart.of("{}"));
        assertThrows(IllegalArgumentException.class, () -> PriceChart.of("[1]"));
        assertThrows(IllegalArgumentException.class, () -> PriceChart.of(json(
                "{'contenders': [{'id': 'semel-price-short', 'samples': [{}]}]}")));
        assertThrows(IllegalArgumentException.class, () -> PriceChart.of(json(
                "{'contenders': [{'id': 'semel-price-short', 'samples': [" + sample(0) + "]}]}")));
    }

    private static String sample(long recordsPerSecondAt1) {
        return String.format(SAMPLE, recordsPerSecondAt1);
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static Document draw(String results) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(
                PriceChart.of(json(results)))));
    }
}
