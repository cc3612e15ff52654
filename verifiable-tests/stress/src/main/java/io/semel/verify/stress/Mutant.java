package io.semel.verify.stress;

import java.util.List;

/**
 * One memory order or one atomic step of the log, weakened by a change to its source text. Immutable.
 *
 * <p>A change to the text and not a copy of the class: the tests run unchanged against it, and a mutant can't grow
 * stale beside the code that it was copied from. A text that is no longer there fails the build.
 *
 * @param name what is weakened, beginning with the name of its class
 * @param original text that stands exactly once in that class's source
 * @param weakened what stands there instead
 * @param caughtBy simple names of the tests of which one must notice: those of jcstress end with Stress, the scenarios
 *        of Lincheck with Interleavings; none when the mutant can only differ from the declaration
 * @param hiddenBecause why no race here shows it; empty when one does
 */
public record Mutant(String name, String original, String weakened, List<String> caughtBy, String hiddenBecause) {
    static Mutant caught(String name, String original, String weakened, String... by) {
        return new Mutant(name, original, weakened, List.of(by), "");
    }

    /** One that only {@link DeclaredOrders} notices. */
    static Mutant hidden(String name, String original, String weakened, String because) {
        return new Mutant(name, original, weakened, List.of(), because);
    }

    /** The source that is changed. */
    String fileName() {
        return name.substring(0, name.indexOf('.')) + ".java";
    }

    public boolean isHidden() {
        return caughtBy.isEmpty();
    }

    List<String> races() {
        return caughtBy.stream().filter(each -> each.endsWith("Stress")).toList();
    }

    List<String> scenarios() {
        return caughtBy.stream().filter(each -> each.endsWith("Interleavings")).toList();
    }
}
