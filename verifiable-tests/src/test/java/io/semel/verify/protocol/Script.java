package io.semel.verify.protocol;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.semel.transactions.partition.Isolation;

/**
 * A story of producers, transactions and groups that can be read aloud, played over the real broker on a disk in
 * memory, with a clock that nobody but the story moves.
 *
 * <pre>
 *  topics orders payments
 *  A opens billing
 *  A begins
 *  A sends A1 A2 to orders
 *  A sends A3 to payments
 *  ----
 *  orders: | A1 A2
 *  payments: | A3
 *  ----
 *  B opens billing                 # takes over, and aborts what A left open
 *  A commits -> fenced
 *  ----
 *  orders: ~A1 ~A2 abort(billing@1) |
 *  payments: ~A3 abort(billing@1) |
 * </pre>
 *
 * <p>Steps and expected states take turns, with {@code ----} between; what stands behind {@code #} is for the reader.
 * Behind {@code ->} stands the answer to a step; without it the answer must be a good one.
 *
 * <p><b>A state</b> is what a line names; what it does not name is not looked at.
 *
 * <pre>
 *  orders: A1 commit(billing@0) ~B1 abort(shop@3) | C1
 *          the raw log of a topic's only partition, record by record and marker by marker, with transactional id and epoch.
 *          |    the last stable offset; committed readers see what stands before it, but for
 *          ~B1  a record that is hidden from them. !B1 would be one shown too early
 *          ^    in directories that promise POWER: what stands before it is on the medium
 *          ..3  all before offset 3 is deleted
 *  uncommitted orders: A1 B1 C1    what a reader of uncommitted records is handed
 *  group copiers: 5 unstable       its offset of in-0, or none; unstable while a transaction holds another
 *  journal: billing@0:EMPTY billing@0:PREPARE_COMMIT      the records of __transaction_state, by id and epoch
 * </pre>
 *
 * <p><b>The house.</b> {@code durability POWER}, first of all if at all: else it is PROCESS.
 * {@code topics orders payments}. {@code topic orders is deleted}. {@code records of orders before 3 are deleted}.
 * {@code 61 s pass}: the clock moves, and background work has its turn; also ms, min, days. {@code the process dies}:
 * kill -9, and it starts again. {@code the power fails}: of what was not forced each page survives old, new or torn.
 * {@code the directory is closed and opened}. With POWER nothing is forced but by {@code orders is forced},
 * {@code journal is forced}, {@code all logs are forced}; so a commit stops wherever it has to wait, and is asked for
 * again: that is how a crash comes between any two of its steps.
 *
 * <p><b>Producers</b> have names that begin with a capital. {@code A opens billing}, or
 * {@code A opens billing for 5 s}: an instance of a transactional id, with that time-out; asked again while it is
 * pending, the same one goes on. It dies with its process. {@code P gets an id}: an idempotent producer at the other
 * end of a network, which outlives all crashes. {@code A begins}, {@code A sends A1 A2 to orders}: one batch, answered
 * {@code offset 0} or why not. {@code A sends A1 A2 to orders again}: the same batch with the same sequence, retried or
 * late. {@code A loses A3 on the way to orders}: sent, and never heard of unless again. {@code A touches orders}: takes
 * it into the transaction and writes nothing. {@code A stages 5 for copiers}: the group's offset, within the
 * transaction. {@code A commits}, {@code A aborts}, {@code A asks what became of it}. {@code A is busy in orders}:
 * while it is, no marker of it gets in there; {@code A is free again}. {@code 100 owners of billing come and go}: each
 * opens it and does nothing.
 *
 * <p><b>Others.</b> {@code an operator aborts billing}. {@code group copiers commits 5}: by itself, in no transaction.
 * {@code group copiers is deleted}.
 *
 * <p><b>The end</b> of every story is the same: all time-outs pass, after which nothing may be open anywhere (T8), and
 * the process dies once more, after which committed readers must see what they saw before (T1).
 *
 * <p>Thread rule: immutable; a play belongs to its caller.
 */
final class Script {
    private static final String SEPARATOR = "----";
    private static final String ARROW = " -> ";

    /** For stories with a power failure: each draws other pages for it to spare. */
    private static final int DISKS = 5;

    private static final String POWER_FAILURE = "the power fails";

    private final List<Act> acts;

    /** Steps, and the state that they lead to. */
    private record Act(List<Step> steps, List<State> states) {
    }

    /** @param answer expected; empty for any good one */
    private record Step(int line, String text, Verb verb, List<String> words, String answer) {
    }

    private record State(int line, String what, String picture) {
    }

    private Script(List<Act> acts) {
        this.acts = acts;
    }

    /**
     * Reads a script and plays it, on several disks if it matters.
     *
     * @throws ScriptException when it can't be read or played as it is written, with line and remedy
     * @throws AssertionError  when the house does otherwise than it says, with both pictures
     */
    static void play(String text) {
        Script script = read(text);
        int disks = text.contains(POWER_FAILURE) ? DISKS : 1;
        for (int disk = 1; disk <= disks; disk++) {
            script.playOn(new Stage(disk));
        }
    }

    // ---- reading

    static Script read(String text) {
        List<Act> acts = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        List<State> states = new ArrayList<>();
        boolean expectsState = false;
        int number = 0;
        for (String raw : text.split("\n")) {
            number++;
            String line = raw.replaceFirst("#.*", "").strip().replaceAll(" +", " ");
            if (line.equals(SEPARATOR) && !expectsState) {
                require(!steps.isEmpty(), number, "a step, such as 'A opens billing'");
                expectsState = true;
            } else if (line.equals(SEPARATOR)) {
                require(!states.isEmpty(), number, "a state, such as 'orders: A1 |'");
                acts.add(new Act(List.copyOf(steps), List.copyOf(states)));
                steps.clear();
                states.clear();
                expectsState = false;
            } else if (expectsState && !line.isEmpty()) {
                states.add(state(number, line));
            } else if (!line.isEmpty()) {
                steps.add(step(number, line));
            }
        }
        if (states.isEmpty()) {
            throw new ScriptException("line " + number + ": a story ends with " + SEPARATOR
                    + " and the state that is expected then");
        }
        acts.add(new Act(steps, states));
        return new Script(acts);
    }

    private static void require(boolean isThere, int line, String expected) {
        if (!isThere) {
            throw new ScriptException("line " + line + ": nothing stands before " + SEPARATOR + ", expected "
                    + expected);
        }
    }

    private static Step step(int number, String line) {
        int arrow = line.indexOf(ARROW);
        String sentence = arrow < 0 ? line : line.substring(0, arrow);
        String answer = arrow < 0 ? "" : line.substring(arrow + ARROW.length());
        for (Verb verb : Verbs.ALL) {
            Optional<List<String>> words = verb.read(sentence);
            if (words.isPresent()) {
                return new Step(number, line, verb, words.get(), answer);
            }
        }
        throw new ScriptException("line " + number + ": no such step: '" + sentence + "'; expected one of"
                + Verbs.shapes());
    }

    private static State state(int number, String line) {
        int colon = line.indexOf(':');
        String what = colon < 0 ? "" : line.substring(0, colon);
        if (!what.matches("journal|(uncommitted |group )?[a-z]+")) {
            throw new ScriptException("line " + number + ": no such state: '" + line + "'; expected 'TOPIC: A1 |', "
                    + "'uncommitted TOPIC: A1', 'group GROUP: 5' or 'journal: ID@0:EMPTY'");
        }
        return new State(number, what, line.substring(colon + 1).strip());
    }

    // ---- playing

    private void playOn(Stage stage) {
        for (Act act : acts) {
            act.steps().forEach(step -> take(step, stage));
            compare(act.states(), stage);
        }
        stage.epilogue();
    }

    private static void take(Step step, Stage stage) {
        String where = "line " + step.line() + ": '" + step.text() + "'";
        Answer answer;
        try {
            answer = step.verb().action().act(stage, step.words());
        } catch (ScriptException e) {
            throw new ScriptException(where + ": " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            throw new AssertionError(where + " failed: " + e, e);
        }
        boolean isRight = step.answer().isEmpty() ? answer.isGood() : answer.words().equals(step.answer());
        if (!isRight) {
            throw new AssertionError(where + " was answered '" + answer.words() + "', expected '"
                    + (step.answer().isEmpty() ? "done" : step.answer()) + "'; by then\n" + stage.pictures());
        }
    }

    private static void compare(List<State> states, Stage stage) {
        Map<State, String> actual = new LinkedHashMap<>();
        for (State state : states) {
            try {
                actual.put(state, picture(state.what(), stage));
            } catch (ScriptException e) {
                throw new ScriptException("line " + state.line() + ": " + e.getMessage());
            }
        }
        if (actual.entrySet().stream().anyMatch(each -> !each.getKey().picture().equals(each.getValue()))) {
            throw new AssertionError("line " + states.get(0).line() + ": another state than expected\n"
                    + sideBySide(actual));
        }
    }

    private static String picture(String what, Stage stage) {
        String name = what.substring(what.indexOf(' ') + 1);
        if (what.equals("journal")) {
            return LogPicture.ofJournal(stage.partition(what));
        }
        if (what.startsWith("group ")) {
            return stage.offsetOf(name);
        }
        return what.startsWith("uncommitted ")
                ? String.join(" ", LogPicture.values(stage.partition(name), Isolation.READ_UNCOMMITTED))
                : stage.picture(name);
    }

    private static String sideBySide(Map<State, String> actual) {
        int width = actual.keySet().stream().mapToInt(state -> state.what().length() + 2 + state.picture().length())
                .max().orElse(0);
        StringBuilder table = new StringBuilder(("       %-" + width + "s   %s%n").formatted("expected", "actual"));
        actual.forEach((state, picture) -> table.append(("  %s  %-" + width + "s   %s%n").formatted(
                state.picture().equals(picture) ? "   " : "!=>", state.what() + ": " + state.picture(), picture)));
        return table.toString();
    }
}
