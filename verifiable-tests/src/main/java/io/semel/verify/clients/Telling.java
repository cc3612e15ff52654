package io.semel.verify.clients;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import io.semel.verify.machine.ChildOutput;

/**
 * What a program told: a line {@code step: answer} for each step. Immutable.
 *
 * @param answers by step, in the order of the story
 * @param end     how the program ended, when that was not well; else empty
 */
record Telling(Map<String, String> answers, String end) {
    /** An answer that begins so says that the client has no such thing. */
    static final String UNSUPPORTED = "unsupported";

    private static final String VERSION = "version";

    static Telling parse(ChildOutput said) {
        Map<String, String> answers = new LinkedHashMap<>();
        new String(said.out(), StandardCharsets.UTF_8).lines().forEach(line -> {
            int colon = line.indexOf(": ");
            if (colon > 0) {
                answers.put(line.substring(0, colon), line.substring(colon + 2).strip());
            }
        });
        return of(answers, said.succeeded() ? "" : said.failure());
    }

    static Telling failed(String why) {
        return of(Map.of(), why);
    }

    private static Telling of(Map<String, String> answers, String end) {
        return new Telling(Collections.unmodifiableMap(answers), end);
    }

    /** This act, and the next one behind it. */
    Telling and(Telling next) {
        Map<String, String> all = new LinkedHashMap<>(answers);
        all.putAll(next.answers);
        return of(all, end + next.end);
    }

    Optional<String> version() {
        return Optional.ofNullable(answers.get(VERSION));
    }
}
