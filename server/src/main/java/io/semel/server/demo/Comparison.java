package io.semel.server.demo;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.semel.client.DeliverySemantics;
import io.semel.client.Reader;
import io.semel.client.Semel;
import io.semel.log.batch.RecordCursor;

/**
 * The committed result, held against a direct count of the text record by record.
 *
 * @param top the most frequent words of the result
 */
record Comparison(Tally lines, Tally words, List<Map.Entry<String, Long>> top) {
    private static final int TOP_COUNT = 10;
    private static final int ALL_BATCHES = Integer.MAX_VALUE;

    static Comparison of(Semel semel, Expected expected, DeliverySemantics semantics) {
        Tally lines = new Tally(expected.lines());
        Tally words = new Tally(expected.words());
        Map<String, Long> counts = new HashMap<>();
        forEach(semel, DemoTopics.LINES, semantics, record -> {
            long number = number(record.copyKey());
            String line = new String(record.copyValue(), StandardCharsets.UTF_8);
            lines.take(expected.isLine(number, line) ? (int) number : -1);
        });
        forEach(semel, DemoTopics.COUNTS, semantics, record -> {
            String word = new String(record.copyKey(), StandardCharsets.UTF_8);
            words.take(wordIndex(record, expected, word));
            counts.merge(word, 1L, Long::sum);
        });
        List<Map.Entry<String, Long>> top = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(TOP_COUNT).toList();
        return new Comparison(lines, words, top);
    }

    private static void forEach(Semel semel, String topic, DeliverySemantics semantics, Reader.RecordHandler handler) {
        for (var partition : semel.admin().describeTopic(topic).partitions()) {
            try (Reader reader = semel.openReader(semantics, topic, partition.partition(), 0)) {
                reader.poll(handler, ALL_BATCHES);
            }
        }
    }

    private static int wordIndex(RecordCursor record, Expected expected, String word) {
        long line = -1;
        long nth = -1;
        while (record.nextHeader()) {
            String name = new String(record.copyHeaderKey(), StandardCharsets.UTF_8);
            if (name.equals(DemoTopics.LINE_HEADER)) {
                line = number(record.copyHeaderValue());
            } else if (name.equals(DemoTopics.NTH_HEADER)) {
                nth = number(record.copyHeaderValue());
            }
        }
        return nth > Integer.MAX_VALUE ? -1 : expected.wordIndex(line, (int) nth, word);
    }

    private static long number(byte[] digits) {
        try {
            return Long.parseLong(new String(digits, StandardCharsets.UTF_8));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    boolean isExact() {
        return lines.isExact() && words.isExact();
    }
}
