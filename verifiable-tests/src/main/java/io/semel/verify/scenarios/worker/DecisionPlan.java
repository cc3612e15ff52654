package io.semel.verify.scenarios.worker;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import io.semel.log.Durability;

/**
 * One life that ends between the steps of a decision.
 *
 * @param number    from 1; what it writes bears it
 * @param committed the lives before whose transactions must be there, all others must not
 * @param course    how it is to end; of the last life, that only looks, {@link Course#LOOK}
 */
public record DecisionPlan(Path directory, Durability durability, Sabotage sabotage, int number,
        List<Integer> committed, Course course, DecisionStep step) {
    /** What its transaction is to come to. */
    public enum Course {
        COMMIT, ABORT, LOOK
    }

    public DecisionPlan {
        committed = List.copyOf(committed);
    }

    /** Whether what it writes must be there afterwards. */
    public boolean commits() {
        return course == Course.COMMIT && step.isDecided();
    }

    public List<String> toArguments() {
        return List.of(directory.toString(), durability.name(), sabotage.name(), Integer.toString(number), committed
                .stream().map(String::valueOf).collect(Collectors.joining(",")), course.name(), step.name());
    }

    static DecisionPlan of(String[] arguments) {
        List<Integer> committed = Arrays.stream(arguments[4].split(",")).filter(each -> !each.isEmpty()).map(
                Integer::valueOf).toList();
        return new DecisionPlan(Path.of(arguments[0]), Durability.valueOf(arguments[1]), Sabotage.valueOf(arguments[2]),
                Integer.parseInt(arguments[3]), committed, Course.valueOf(arguments[5]), DecisionStep.valueOf(
                        arguments[6]));
    }
}
