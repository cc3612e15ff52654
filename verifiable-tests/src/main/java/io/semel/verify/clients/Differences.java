package io.semel.verify.clients;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A written list of where others may differ from Kafka. What differs and is not listed is a fault, and so is what is
 * listed and does not differ. Immutable.
 */
public final class Differences {
    /** Whom everybody is compared with. */
    public static final String KAFKA = "kafka";

    /**
     * @param contract what was tried
     * @param values   what Kafka and the others show, by name; whoever is not named shows what Kafka does
     */
    public record Difference(String contract, String fact, Map<String, String> values, String because) {
    }

    /** A fact that is not as Kafka has it. */
    public record Deviation(String fact, String expected, String actual) {
        @Override
        public String toString() {
            return fact + ": Kafka's is <" + expected + ">, here it is <" + actual + '>';
        }
    }

    private final List<Difference> all;

    private Differences(List<Difference> all) {
        this.all = all;
    }

    public List<Difference> all() {
        return all;
    }

    /** Reads a resource that stands beside a class. */
    public static Differences read(Class<?> beside, String resource) {
        try (InputStream content = beside.getResourceAsStream(resource)) {
            return parse(new String(content.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Blocks of {@code name: value} lines with empty lines between them; {@code #} begins a remark. */
    public static Differences parse(String text) {
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
        if (!lines.containsKey(KAFKA) || lines.size() < 2) {
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

    /** Why {@code who} may differ so; empty when it is not listed. */
    public Optional<String> reason(String who, String contract, Deviation found) {
        return all.stream().filter(each -> concerns(each, who, contract) && deviation(each, who).equals(found))
                .map(Difference::because).findFirst();
    }

    /** What is found and not listed, and what is listed and not found; empty when all is as the list has it. */
    public List<String> faults(String who, String contract, List<Deviation> found) {
        List<String> faults = new ArrayList<>();
        found.stream().filter(each -> reason(who, contract, each).isEmpty())
                .forEach(each -> faults.add("not listed: " + each));
        all.stream().filter(each -> concerns(each, who, contract)).map(each -> deviation(each, who))
                .filter(each -> !found.contains(each)).forEach(each -> faults.add("listed and not so: " + each));
        return faults;
    }

    private static boolean concerns(Difference each, String who, String contract) {
        return !who.equals(KAFKA) && each.contract().equals(contract) && each.values().containsKey(who);
    }

    private static Deviation deviation(Difference each, String who) {
        return new Deviation(each.fact(), each.values().get(KAFKA), each.values().get(who));
    }
}
