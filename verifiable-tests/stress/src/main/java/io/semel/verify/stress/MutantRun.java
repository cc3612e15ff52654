package io.semel.verify.stress;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Runs against a mutant the tests that must notice it, with more effort until one does.
 *
 * <p>Thread rule: immutable.
 */
public final class MutantRun {
    /** The declaration's name among those who notice. */
    public static final String DECLARATION = DeclaredOrders.class.getSimpleName();

    /** More forks, because it is the compiler's dice that show a mutant whose order the processor keeps. */
    private enum Effort {
        QUICK(1, 5, 200, 1), LONGER(2, 10, 300, 5), LONGEST(6, 20, 300, 20);

        private final List<String> raceOptions;
        private final int walks;

        Effort(int forks, int iterations, int iterationMs, int walks) {
            this.raceOptions = JcstressRun.quickOptions(forks, iterations, iterationMs);
            this.walks = walks;
        }
    }

    private final MutantSources sources;
    private final Path scratch;
    private final Consumer<String> listener;

    /** @param listener gets each line that jcstress prints */
    public MutantRun(MutantSources sources, Path scratch, Consumer<String> listener) {
        this.sources = sources;
        this.scratch = scratch;
        this.listener = listener;
    }

    /**
     * Who noticed the mutant; {@link #DECLARATION} is last, and is not enough for a mutant that a test must catch.
     *
     * @throws IOException when a test could not be run
     */
    public List<String> noticedBy(Mutant mutant) throws IOException, InterruptedException {
        Path classes = Files.createTempDirectory(scratch, "mutant");
        sources.compile(mutant, classes);
        List<String> noticed = new ArrayList<>();
        for (Effort effort : Effort.values()) {
            if (noticed.isEmpty() && !mutant.isHidden()) {
                noticed.addAll(walked(mutant, classes, effort));
                noticed.addAll(raced(mutant, classes, effort));
            }
        }
        if (!DeclaredOrders.violations(classes + File.pathSeparator + System.getProperty("java.class.path"))
                .isEmpty()) {
            noticed.add(DECLARATION);
        }
        return noticed;
    }

    public static boolean isCaught(Mutant mutant, List<String> noticedBy) {
        return mutant.isHidden() ? noticedBy.contains(DECLARATION) : noticedBy.stream().anyMatch(mutant
                .caughtBy()::contains);
    }

    private List<String> walked(Mutant mutant, Path classes, Effort effort) throws IOException, InterruptedException {
        List<String> noticed = new ArrayList<>();
        for (String scenario : mutant.scenarios()) {
            if (new LincheckRun(scratch, classes).breaks(scenario, effort.walks)) {
                noticed.add(scenario);
            }
        }
        return noticed;
    }

    private List<String> raced(Mutant mutant, Path classes, Effort effort) throws IOException, InterruptedException {
        if (mutant.races().isEmpty()) {
            return List.of();
        }
        Map<String, String> verdicts = new JcstressRun(scratch).withClassesBefore(classes).runUntilFailed(
                "\\.(" + String.join("|", mutant.races()) + ")$", effort.raceOptions, listener);
        return verdicts.entrySet().stream().filter(each -> each.getValue().equals(JcstressRun.FAILED))
                .map(each -> each.getKey().substring(each.getKey().lastIndexOf('.') + 1)).toList();
    }
}
