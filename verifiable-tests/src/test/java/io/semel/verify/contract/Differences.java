package io.semel.verify.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.fail;

/**
 * The written list of where a home may differ from Kafka, {@code differences.txt}. A contract fails in a home when it
 * differs in something that is not listed, and when something is listed and does not differ.
 */
final class Differences {
    static final Differences LISTED = read("differences.txt");

    /** @param values what Kafka and the homes show, by home; a home that is not named shows what Kafka does */
    record Difference(String contract, String fact, Map<String, String> values, String because) {
    }

    /** A fact that is not as Kafka has it. */
    record Deviation(String fact, String expected, String actual) {
        @Override
        public String toString() {
            return fact + ": Kafka's is <" + expected + ">, here it is <" + actual + '>';
        }
    }

    private final List<Difference> all;

    private Differences(List<Difference> all) {
        this.all = all;
    }

    List<Difference> all() {
        return all;
    }

    private static Differences read(String resource) {
        try (InputStream content = Differences.class.getResourceAsStream(resource)) {
            return parse(new String(content.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Blocks of {@code name: value} lines with empty lines between them; {@code #} begins a remark. */
    static Differences parse(String text) {
        List<Difference> all = new ArrayList<>();
        for (String block : text.lines().filter(line -> !line.startsWith("#"))
                .reduce("", (one, other) -> one + '\n' + other).split("\n\\s*\n")) {
            if (!block.isBlank()) {
                all.add(difference(block.strip()));
            }
        }
        return new Differences(List.copyOf(all));
    }

    private static Difference difference(String block) {
        Map<String, String> lines = new HashMap<>();
        block.lines().forEach(line -> {
            int colon = line.indexOf(": ");
            if (colon < 0 || lines.put(line.substring(0, colon).strip(), line.substring(colon + 2).strip()) != null) {
                throw new IllegalArgumentException("not 'name: value', or said twice: " + line + " in\n" + block);
            }
        });
        String contract = taken(lines, "contract", block);
        String fact = taken(lines, "fact", block);
        String because = taken(lines, "because", block);
        if (!lines.containsKey("kafka") || lines.size() < 2) {
            throw new IllegalArgumentException("a difference names Kafka's value and at least one other:\n" + block);
        }
        return new Difference(contract, fact, Map.copyOf(lines), because);
    }

    private static String taken(Map<String, String> lines, String name, String block) {
        String value = lines.remove(name);
        if (value == null) {
            throw new IllegalArgumentException("'" + name + "' is missing in\n" + block);
        }
        return value;
    }

    /** Fails unless the contract's deviations in this home are those that are listed. */
    void requireExactly(Homes home, String contract, List<Deviation> found) {
        Set<Deviation> expected = new HashSet<>();
        for (Difference each : all) {
            if (each.contract().equals(contract) && each.values().containsKey(home.title()) && home != Homes.KAFKA) {
                expected.add(new Deviation(each.fact(), each.values().get("kafka"), each.values().get(home.title())));
            }
        }
        List<String> wrong = new ArrayList<>();
        found.stream().filter(each -> !expected.contains(each)).forEach(each -> wrong.add("not listed: " + each));
        expected.stream().filter(each -> !found.contains(each)).forEach(each -> wrong.add("listed and not so: "
                + each));
        if (!wrong.isEmpty()) {
            fail(contract + " in " + home.title() + ":\n  " + String.join("\n  ", wrong));
        }
    }
}
