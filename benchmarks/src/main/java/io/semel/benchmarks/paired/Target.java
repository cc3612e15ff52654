package io.semel.benchmarks.paired;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

import static java.util.Comparator.comparingDouble;

/** What a claim must reach. Immutable. */
public final class Target {
    private final Kind kind;
    private final String name;
    private final double asked;
    private final List<Contender> against;

    private enum Kind {
        RATIO, PER_SECOND, AT_MOST
    }

    /**
     * How it came out.
     *
     * @param figure  what was measured; for a ratio the median of the rounds' own ratios
     * @param lowest  of the rounds
     * @param highest of the rounds
     */
    public record Outcome(String name, double asked, double figure, double lowest, double highest, boolean reached) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s of %s: %s asked, rounds from %s to %s: %s", number(figure), name,
                    number(asked), number(lowest), number(highest), reached ? "reached" : "missed");
        }

        private static String number(double value) {
            return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%,.0f", value);
        }
    }

    private Target(Kind kind, String name, double asked, List<Contender> against) {
        this.kind = kind;
        this.name = name;
        this.asked = asked;
        this.against = against;
    }

    /** At least {@code asked} times the best of {@code against}. */
    static Target ratio(String name, double asked, Contender... against) {
        return new Target(Kind.RATIO, name, asked, List.of(against));
    }

    static Target perSecond(double asked) {
        return new Target(Kind.PER_SECOND, "operations per second", asked, List.of());
    }

    /** A figure that the contender names, no larger than {@code asked}. */
    static Target atMost(String figure, double asked) {
        return new Target(Kind.AT_MOST, figure, asked, List.of());
    }

    Outcome judge(Contender subject, Results results) {
        List<Sample> samples = results.of(subject);
        return switch (kind) {
            case RATIO -> {
                List<Sample> best = results.of(bestOf(results));
                double[] ratios = IntStream.range(0, Math.min(samples.size(), best.size()))
                        .mapToDouble(i -> samples.get(i).perSecond() / best.get(i).perSecond()).toArray();
                yield outcome(ratios, Medians.of(ratios) >= asked);
            }
            case PER_SECOND -> {
                double[] rates = samples.stream().mapToDouble(Sample::perSecond).toArray();
                yield outcome(rates, Medians.of(rates) >= asked);
            }
            case AT_MOST -> {
                double[] figures = samples.stream().mapToDouble(sample -> sample.figures().get(name)).toArray();
                yield outcome(figures, Medians.of(figures) <= asked);
            }
        };
    }

    /** The best over all rounds; to take the best of each round would compare with somebody who does not exist. */
    private Contender bestOf(Results results) {
        return against.stream().max(comparingDouble(results::medianPerSecond)).orElseThrow();
    }

    private Outcome outcome(double[] rounds, boolean reached) {
        return new Outcome(name, asked, Medians.of(rounds), Medians.lowest(rounds), Medians.highest(rounds), reached);
    }
}
