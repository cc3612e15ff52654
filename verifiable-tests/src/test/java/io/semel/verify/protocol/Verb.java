package io.semel.verify.protocol;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One sentence of the language of scripts. Immutable.
 *
 * @param shape the sentence, with a word in capitals for each that the script chooses
 */
record Verb(String shape, Pattern pattern, Action action) {
    /** What may stand for each word in capitals. */
    private static final Map<String, String> CHOICES = Map.of(
            "WHO", "[A-Z][A-Za-z]*",
            "ID", "[a-z]+",
            "GROUP", "[a-z]+",
            "TOPIC", "[a-z]+",
            "TOPICS", "[a-z]+(?: [a-z]+)*",
            "RECORDS", "[A-Z][A-Za-z]*[0-9]+(?: [A-Z][A-Za-z]*[0-9]+)*",
            "LEVEL", "PROCESS|POWER",
            "N", "[0-9]{1,9}",
            "TIME", "[0-9]{1,6} (?:ms|s|min|days)");

    /** Does it on the stage, with the chosen words in their order. */
    @FunctionalInterface
    interface Action {
        Answer act(Stage stage, List<String> words) throws IOException;
    }

    static Verb of(String shape, Action action) {
        String regex = Arrays.stream(shape.split(" ")).map(word -> CHOICES.containsKey(word)
                ? "(" + CHOICES.get(word) + ")"
                : Pattern.quote(word)).collect(Collectors.joining(" "));
        return new Verb(shape, Pattern.compile(regex), action);
    }

    /** The chosen words, if the line is this sentence. */
    Optional<List<String>> read(String line) {
        Matcher matcher = pattern.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        List<String> words = new ArrayList<>();
        for (int group = 1; group <= matcher.groupCount(); group++) {
            words.add(matcher.group(group));
        }
        return Optional.of(words);
    }
}
