package io.semel.verify.disk;

import java.util.SplittableRandom;

/**
 * How often a life takes each of its steps. Every life draws its own: one hardly flushes, another does little but
 * compact, a third never closes. A mean of all of them would seldom come where only a long row of one kind leads.
 *
 * <p>Thread rule: immutable.
 */
final class Habits {
    /** What a life does next, and how often of a hundred, more or less. */
    enum Step {
        APPEND(54), CLAIM(9), DIRECT(7), DO_WORK(5), FLUSH(5), SHORTEN(4), READ(3), FORCE(4), WANT_FORCE(2),
        WRITE_BACK(3), CLOSE(4), COMPACT(19);

        private final int usual;

        Step(int usual) {
            this.usual = usual;
        }
    }

    private static final int MAX_STEPS = 40;

    /** Of a life that dies soon: what the crash before left behind the log's end is not written over yet. */
    private static final int FEW_STEPS = 6;

    /** Of a life that compacts often: its rounds take hold of what earlier ones left. */
    private static final int MANY_STEPS = 100;

    private static final int OFTEN = 4;

    private final Step[] steps = Step.values();
    private final int[] weights = new int[steps.length];
    private final int total;
    private final int maxSteps;
    /** Of so many sessions one ends with claims open. */
    private final int sessionsPerOpenEnd;

    Habits(SplittableRandom random, LogModel model) {
        int sum = 0;
        for (Step step : steps) {
            int weight = step == Step.COMPACT && !model.compacts() ? 0 : step.usual * factor(step, random.nextInt(8));
            weights[step.ordinal()] = weight;
            sum += weight;
        }
        this.total = sum;
        boolean isShort = !model.compacts() && random.nextInt(4) == 0;
        boolean compactsOften = weights[Step.COMPACT.ordinal()] > Step.COMPACT.usual;
        this.maxSteps = isShort ? FEW_STEPS : compactsOften ? MANY_STEPS : MAX_STEPS;
        this.sessionsPerOpenEnd = isShort ? 1 : 3;
    }

    private static int factor(Step step, int drawn) {
        return switch (drawn) {
            // Without a record nothing comes about.
            case 0 -> step == Step.APPEND ? 1 : 0;
            case 1 -> OFTEN;
            default -> 1;
        };
    }

    /** Steps from one opening to the next crash, at most. */
    int maxSteps() {
        return maxSteps;
    }

    /** Whether claims stay open when the process dies. */
    boolean leavesClaims(SplittableRandom random) {
        return random.nextInt(sessionsPerOpenEnd) == 0;
    }

    Step next(SplittableRandom random) {
        int drawn = random.nextInt(total);
        int index = 0;
        while (drawn >= weights[index]) {
            drawn -= weights[index];
            index++;
        }
        return steps[index];
    }
}
