package io.semel.verify.clients;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.semel.verify.clients.Differences.Deviation;

/**
 * What became of one client's story: how each step compares with Kafka. Immutable.
 *
 * @param steps  by name, in the order of the story
 * @param faults what differs and is not listed, and what is listed and does not
 */
public record Verdict(String client, String version, Map<String, Step> steps, List<String> faults) {

    /** How a step went. */
    public enum Outcome {
        /** As with Kafka. */
        OK,
        /** Not as with Kafka. */
        DIFFERS,
        /** Not as with Kafka, for a reason that is written down. */
        ALLOWED,
        /** The client can't. */
        UNSUPPORTED
    }

    /** @param shown the answer, or both with the reason why they may differ */
    public record Step(Outcome outcome, String shown) {
    }

    /** Compares what a client was told by Kafka with what somebody else told it. */
    static Verdict compare(String client, String version, Telling kafkas, String who, Telling others,
            Differences listed) {
        Map<String, Step> steps = new LinkedHashMap<>();
        List<Deviation> deviations = new ArrayList<>();
        Map<String, String> all = new LinkedHashMap<>(kafkas.answers());
        others.answers().forEach(all::putIfAbsent);
        for (String step : all.keySet()) {
            String expected = kafkas.answers().getOrDefault(step, "nothing");
            String actual = others.answers().getOrDefault(step, "nothing");
            Deviation deviation = new Deviation(step, expected, actual);
            if (expected.equals(actual)) {
                steps.put(step, new Step(outcome(actual), actual));
            } else {
                deviations.add(deviation);
                steps.put(step, listed.reason(who, client, deviation)
                        .map(reason -> new Step(Outcome.ALLOWED, deviation + ", because " + reason))
                        .orElseGet(() -> new Step(Outcome.DIFFERS, deviation.toString())));
            }
        }
        List<String> faults = new ArrayList<>(listed.faults(who, client, deviations));
        List.of(kafkas, others).stream().map(Telling::end).filter(end -> !end.isEmpty()).forEach(faults::add);
        return new Verdict(client, version, steps, faults);
    }

    /** What a client was told by somebody, with nobody to compare with. */
    static Verdict alone(String client, String version, Telling telling) {
        Map<String, Step> steps = new LinkedHashMap<>();
        telling.answers().forEach((step, answer) -> steps.put(step, new Step(outcome(answer), answer)));
        return new Verdict(client, version, steps, telling.end().isEmpty() ? List.of() : List.of(telling.end()));
    }

    private static Outcome outcome(String answer) {
        return answer.startsWith(Telling.UNSUPPORTED) ? Outcome.UNSUPPORTED : Outcome.OK;
    }
}
