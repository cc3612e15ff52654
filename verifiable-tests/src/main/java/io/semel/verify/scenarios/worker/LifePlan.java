package io.semel.verify.scenarios.worker;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

import io.semel.client.DeliverySemantics;
import io.semel.log.Durability;
import io.semel.verify.programs.Copying.Placement;
import io.semel.verify.scenarios.worker.Setting.Membership;

/**
 * One life of a worker process.
 *
 * @param number from 1
 * @param workMs how long its programs work, if nobody kills it
 */
public record LifePlan(Setting setting, Act act, int number, long seed, Hosted hosted, Ending ending, long workMs) {
    /** Who lives in it. */
    public enum Hosted {
        PRODUCERS, COPIERS, BOTH
    }

    /** How it ends when nobody kills it. */
    public enum Ending {
        /** Its programs are told to end. */
        PLAIN,
        /** The copiers go on until they have everything; then both topics are read through. */
        READ_THROUGH
    }

    public boolean hasProducers() {
        return hosted != Hosted.COPIERS;
    }

    public boolean hasCopiers() {
        return hosted != Hosted.PRODUCERS;
    }

    public List<String> toArguments() {
        return List.of(setting.directory().toString(), setting.semantics().name(), setting.durability().name(), setting
                .sabotage().name(), setting.placement().name(), setting.membership().name(), act.name(), Integer
                        .toString(number), Long.toString(seed), hosted.name(), ending.name(), Long.toString(workMs));
    }

    static LifePlan of(String[] arguments) {
        Iterator<String> each = Arrays.asList(arguments).iterator();
        Setting setting = new Setting(Path.of(each.next()), DeliverySemantics.valueOf(each.next()), Durability.valueOf(
                each.next()), Sabotage.valueOf(each.next()), Placement.valueOf(each.next()), Membership.valueOf(each
                        .next()));
        return new LifePlan(setting, Act.valueOf(each.next()), Integer.parseInt(each.next()), Long.parseLong(each
                .next()), Hosted.valueOf(each.next()), Ending.valueOf(each.next()), Long.parseLong(each.next()));
    }
}
