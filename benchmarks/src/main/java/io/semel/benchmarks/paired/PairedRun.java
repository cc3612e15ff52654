package io.semel.benchmarks.paired;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Everybody takes turns, round by round: A B C A B C. What the machine does meanwhile then hits all alike, and the
 * ratios of a round are worth more than the figures. Thread rule: one thread.
 */
public final class PairedRun {
    private final Settings settings;
    private final ContenderJvm jvm;
    private final Consumer<String> progress;

    /** @param progress is told, line by line, how far the run is */
    public PairedRun(Settings settings, Consumer<String> progress) {
        this.settings = settings;
        this.jvm = new ContenderJvm(settings);
        this.progress = progress;
    }

    /** @throws ContenderFailedException when one of them fails; a table without it would mislead */
    public Results measure(Collection<Contender> contenders) throws IOException, InterruptedException {
        Results results = new Results();
        List<Contender> able = new ArrayList<>();
        for (Contender contender : contenders) {
            Optional<String> obstacle = contender.obstacle();
            obstacle.ifPresentOrElse(why -> skip(contender, why, results), () -> able.add(contender));
        }
        for (int round = 1; round <= settings.rounds(); round++) {
            for (Contender contender : able) {
                if (round <= contender.volume().rounds(settings.rounds())) {
                    measure(contender, round, results);
                }
            }
        }
        return results;
    }

    private void skip(Contender contender, String why, Results results) {
        results.skip(contender, why);
        progress.accept("skipped        " + contender.title() + ": " + why);
    }

    private void measure(Contender contender, int round, Results results) throws IOException, InterruptedException {
        Sample sample = jvm.measure(contender);
        results.add(contender, sample);
        progress.accept(String.format(Locale.ROOT, "round %d of %d  %-46s %14s", round, settings.rounds(), contender
                .title(), Report.rate(sample.perSecond())));
    }

    /** Where the time of Semel's own contenders goes. Kept apart from the rounds: a profiled run is a slower run. */
    public void profile(Results results) throws IOException, InterruptedException {
        for (Contender contender : results.contenders()) {
            if (contender.side() == Side.SEMEL) {
                progress.accept("profile        " + contender.title());
                results.addProfile(contender, jvm.profile(contender));
            }
        }
    }
}
