package io.semel.verify.protocol;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;

import io.semel.transactions.coordinator.TransactionRules;
import io.semel.verify.protocol.ThreeTransactions.Delay;
import io.semel.verify.protocol.ThreeTransactions.Harm;
import io.semel.verify.protocol.ThreeTransactions.Rules;

/**
 * T7: every message of three transactions late or twice, alone and in pairs, by KIP-890's rules; not drawn but counted
 * through. The producer is taken for one of either rules when it comes. Thread rule: one thread.
 */
public final class DelayedSteps {
    /** A directory grows by a few hundred bytes for each. */
    private static final int CASES_A_WORLD = 500;

    private static final Rules STRICT = Rules.NEW_EPOCH_AT_EVERY_END;

    private World world;
    private long cases;

    /**
     * Plays each case, or of the pairs one of so many. Returns what went wrong first; empty when nothing did.
     *
     * @param progress is told the cases so far
     */
    public String run(int ofSoManyPairs, LongConsumer progress) throws IOException {
        String failure = "";
        List<Delay> delays = STRICT.delays();
        for (TransactionRules guessed : TransactionRules.values()) {
            failure = failure.isEmpty() ? play(List.of(), guessed) : failure;
            for (int index = 0; failure.isEmpty() && index < delays.size(); index++) {
                failure = play(List.of(delays.get(index)), guessed);
            }
        }
        List<List<Delay>> pairs = pairs(delays);
        for (int index = 0; failure.isEmpty() && index < pairs.size(); index += ofSoManyPairs) {
            failure = play(pairs.get(index), TransactionRules.values()[(int) (cases % 2)]);
            progress.accept(cases);
        }
        return failure;
    }

    /** Each two that are not of one message at its own place twice; in both orders when they arrive together. */
    private static List<List<Delay>> pairs(List<Delay> delays) {
        List<List<Delay>> pairs = new ArrayList<>();
        for (Delay one : delays) {
            for (Delay other : delays) {
                boolean isFirst = one.index() < other.index() || one.index() == other.index() && !other.isLate();
                boolean areTogether = one.after() == other.after() && one.index() != other.index();
                if (isFirst || areTogether) {
                    pairs.add(List.of(one, other));
                }
            }
        }
        return pairs;
    }

    private String play(List<Delay> delays, TransactionRules guessed) throws IOException {
        ThreeTransactions three = next(STRICT, guessed);
        Set<Harm> harm = three.play(delays);
        if (harm.isEmpty() && three.wrongAnswer().isEmpty()) {
            return "";
        }
        return "T7: " + describe(delays) + " of a producer taken for " + guessed + " did " + harm + ' ' + three
                .wrongAnswer();
    }

    /** The next case, in a directory that it may have to itself. */
    ThreeTransactions next(Rules rules, TransactionRules guessed) throws IOException {
        if (cases++ % CASES_A_WORLD == 0) {
            world = ThreeTransactions.newWorld();
        }
        return new ThreeTransactions(world, rules, guessed, "case-" + cases);
    }

    public long cases() {
        return cases;
    }

    private static String describe(List<Delay> delays) {
        return delays.stream().map(delay -> STRICT.row().get(delay.index()) + (delay.isLate() ? " late"
                : " again") + " behind " + STRICT.row().get(delay.after())).toList().toString();
    }
}
