package io.semel.verify.teeth;

import java.util.List;

import io.semel.verify.stress.Mutant;

/**
 * A bug of the kind that a row of the failures of others tells of. Immutable.
 *
 * @param row     of the table in {@code docs/INVARIANTS.md}
 * @param sources in which module's sources it is planted
 * @param mutant  where and how
 * @param test    who must catch it: class, {@code #}, method
 */
public record SeededBug(int row, String sources, Mutant mutant, String test) {
    static SeededBug planted(int row, String module, String name, String original, String changed, String test) {
        return new SeededBug(row, module + "/src/main/java", new Mutant(name, original, changed, List.of(test), ""),
                test);
    }

    public String name() {
        return mutant.name();
    }

    /** Without the package. */
    public String shortTest() {
        return test.substring(test.lastIndexOf('.', test.indexOf('#')) + 1).replace('#', '.');
    }
}
