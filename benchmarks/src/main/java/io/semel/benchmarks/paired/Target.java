package io.semel.benchmarks.paired;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a contender must reach, alone or beside others. Immutable. */
public final class Target {
    private final Kind kind;
    private final Contender subject;
    private final String figure;
    private final String name;
    private final double asked;
    private final List<Contender> against;

    private enum Kind {
        RATE_RATIO, FIGURE_RATIO, RATE, FIGURE;

        /** Rates are to be high, figures low. */
        Sense sense() {
            return this == RATE_RATIO || this == RATE ? Sense.AT_LEAST : Sense.AT_MOST;
        }
    }

    /** Which way is better. */
    public enum Sense {
        AT_LEAST(">="), AT_MOST("<=");

        private final String sign;

        Sense(String sign) {
            this.sign = sign;
        }

        public String sign() {
            return sign;
        }

        boolean isReached(double value, double asked) {
            return this == AT_LEAST ? value >= asked : value <= asked;
        }
    }

    /**
     * How it came out.
     *
     * @param figure  what was measured; for a ratio the median of the rounds' own ratios
     * @param lowest  of the rounds
     * @param highest of the rounds
     */
    public record Outcome(Contender subject, String name, Sense sense, double asked, double figure, double lowest,
            double highest, boolean reached) {
    }

    private Target(Kind kind, Contender subject, String figure, String name, double asked, List<Contender> against) {
        this.kind = kind;
        this.subject = subject;
        this.figure = figure;
        this.name = name;
        this.asked = asked;
        this.against = against;
    }

    /** At least {@code asked} times as quick as the quickest of {@code against}. */
    static Target ratio(Contender subject, String name, double asked, Contender... against) {
        return new Target(Kind.RATE_RATIO, subject, "", name, asked, List.of(against));
    }

    /** A figure that all of them name, at most {@code asked} times the lowest of {@code against}. */
    static Target figureRatio(Contender subject, String figure, String name, double asked, Contender... against) {
        return new Target(Kind.FIGURE_RATIO, subject, figure, figure + ", " + name, asked, List.of(against));
    }

    static Target perSecond(Contender subject, double asked) {
        return new Target(Kind.RATE, subject, "", "operations per second", asked, List.of());
    }

    /** A figure that the contender names, no larger than {@code asked}. */
    static Target atMost(Contender subject, String figure, double asked) {
        return new Target(Kind.FIGURE, subject, figure, figure, asked, List.of());
    }

    /** Everybody whom it is about. */
    List<Contender> contenders() {
        return Stream.concat(Stream.of(subject), against.stream()).toList();
    }

    /** The figures that it asks of {@code contender}. */
    List<String> figuresOf(Contender contender) {
        return figure.isEmpty() || !contenders().contains(contender) ? List.of() : List.of(figure);
    }

    /** Empty when one of those it is about could not run here. */
    Optional<Outcome> judge(Results results) {
        if (!results.contenders().contains(subject) || !results.contenders().containsAll(against)) {
            return Optional.empty();
        }
        double[] rounds = switch (kind) {
            case RATE, FIGURE -> values(subject, results);
            case RATE_RATIO, FIGURE_RATIO -> ratios(results);
        };
        double median = Medians.of(rounds);
        return Optional.of(new Outcome(subject, name, kind.sense(), asked, median, Medians.lowest(rounds), Medians
                .highest(rounds), kind.sense().isReached(median, asked)));
    }

    private double[] ratios(Results results) {
        double[] own = values(subject, results);
        double[] best = bestOf(results);
        return IntStream.range(0, Math.min(own.length, best.length)).mapToDouble(i -> own[i] / best[i]).toArray();
    }

    /** The best over all rounds; to take the best of each round would compare with somebody who does not exist. */
    private double[] bestOf(Results results) {
        List<double[]> all = new ArrayList<>();
        against.forEach(contender -> all.add(values(contender, results)));
        Comparator<double[]> byMedian = Comparator.comparingDouble(Medians::of);
        return all.stream().max(kind.sense() == Sense.AT_LEAST ? byMedian : byMedian.reversed()).orElseThrow();
    }

    private double[] values(Contender contender, Results results) {
        return switch (kind) {
            case RATE, RATE_RATIO -> results.perSecond(contender);
            case FIGURE, FIGURE_RATIO -> results.figure(contender, figure);
        };
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s: %s %s %s", subject.title(), name, kind.sense().sign(), asked);
    }
}
