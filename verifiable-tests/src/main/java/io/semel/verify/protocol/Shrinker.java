package io.semel.verify.protocol;

import java.util.ArrayList;
import java.util.List;

import io.semel.idempotence.Verdicts;
import io.semel.verify.disk.Journal;

/**
 * Makes a story shorter as long as the same property fails: leaves out halves of its steps, then quarters, down to
 * single ones, until no single step can go. Stateless.
 */
final class Shrinker {
    private Shrinker() {
    }

    static Story shrink(Story failing, Verdicts verdicts) {
        String property = Outcome.of(failing, verdicts, Journal.SILENT).property();
        Story shortest = failing;
        int width = Math.max(1, failing.steps().size() / 2);
        while (width > 0) {
            Story shorter = without(shortest, width, property, verdicts);
            boolean isSame = shorter.steps().size() == shortest.steps().size();
            shortest = shorter;
            // Once something went, what had to stay for its sake may go, too.
            width = isSame ? width / 2 : Math.min(width, Math.max(1, shortest.steps().size() / 2));
        }
        return shortest;
    }

    /** One pass over the story, leaving out each run of {@code width} steps that can go. */
    private static Story without(Story story, int width, String property, Verdicts verdicts) {
        List<Step> steps = story.steps();
        int from = 0;
        while (from < steps.size()) {
            List<Step> fewer = new ArrayList<>(steps.subList(0, from));
            fewer.addAll(steps.subList(Math.min(steps.size(), from + width), steps.size()));
            Story shorter = new Story(story.setting(), List.copyOf(fewer));
            if (Outcome.of(shorter, verdicts, Journal.SILENT).property().equals(property)) {
                steps = shorter.steps();
            } else {
                from += width;
            }
        }
        return new Story(story.setting(), steps);
    }
}
