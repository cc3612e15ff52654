package io.semel.verify.scenarios;

import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;

import io.semel.client.DeliverySemantics;
import io.semel.log.Durability;
import io.semel.verify.programs.Copying.Placement;
import io.semel.verify.scenarios.worker.Act;
import io.semel.verify.scenarios.worker.LifePlan.Hosted;
import io.semel.verify.scenarios.worker.Sabotage;
import io.semel.verify.scenarios.worker.Setting;
import io.semel.verify.scenarios.worker.Setting.Membership;

/**
 * One of the 32 ways to kill a copier (E1).
 *
 * <pre>
 *   killed     the process of the producers, of the copiers, of both, or drawn anew each time, with members coming and going
 *   order      copies keep their partition, and their order is checked; or they go anywhere, and are only counted
 *   sharing    a group, its metadata in each transaction; or each copier has its partition and nothing but its id
 *   durability PROCESS, POWER
 * </pre>
 */
record Cell(Killed killed, Placement order, Membership sharing, Durability durability) {
    static final int COUNT = 32;

    /** Who dies of {@code kill -9}. */
    enum Killed {
        PRODUCERS, COPIERS, ALL, RANDOM
    }

    /** What producers write ahead when it is the copiers who are killed. */
    private static final long AHEAD_MS = 1_500;

    /** The whole of it is a few seconds: kills come soon after the first record. */
    private static final int MAX_WORK_MS = 400;

    /** Copiers that have nothing left to copy die of nothing. */
    private static final int MAX_COPY_MS = 120;

    /** Acts need time to begin. */
    private static final int MAX_ACT_MS = 1_500;

    private static final int BIT_SHARING = 1;
    private static final int BIT_ORDER = 2;
    private static final int BIT_CROSS = 3;
    private static final int BIT_DURABILITY = 4;

    /** All 32 follow each other so that any four in a row kill everybody, and have both values of every other axis. */
    static Cell of(int index) {
        int bits = Math.floorMod(index, COUNT);
        int killed = bits & 3;
        int order = bit(bits, 0) ^ bit(bits, BIT_ORDER);
        int sharing = bit(bits, BIT_SHARING) ^ bit(bits, BIT_CROSS);
        int durability = bit(bits, 0) ^ bit(bits, BIT_SHARING) ^ bit(bits, BIT_DURABILITY);
        return new Cell(Killed.values()[killed], Placement.values()[order], Membership.values()[sharing], Durability
                .values()[durability]);
    }

    private static int bit(int bits, int place) {
        return bits >> place & 1;
    }

    String label() {
        return killed.name().toLowerCase(Locale.ROOT) + (order == Placement.SAME_PARTITION ? "-ordered" : "-counted")
                + (sharing == Membership.GROUP_METADATA ? "-group-" : "-assigned-") + DurabilityConverter.shown(
                        durability);
    }

    Script script(Path directory, Sabotage sabotage, int kills, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Setting setting = new Setting(directory, DeliverySemantics.EXACTLY_ONCE, durability, sabotage, order, sharing);
        Script.Builder builder = new Script.Builder(setting, random);
        if (killed == Killed.COPIERS) {
            builder.unharmed(Act.STEADY, Hosted.PRODUCERS, AHEAD_MS);
        }
        for (int kill = 0; kill < kills; kill++) {
            switch (killed) {
                case PRODUCERS -> builder.killed(Act.STEADY, Hosted.PRODUCERS, random.nextInt(MAX_WORK_MS));
                case COPIERS -> builder.killed(Act.STEADY, Hosted.COPIERS, random.nextInt(MAX_COPY_MS));
                case ALL -> builder.killed(Act.STEADY, Hosted.BOTH, random.nextInt(MAX_WORK_MS));
                case RANDOM -> builder.killed(act(random), Hosted.BOTH, random.nextInt(MAX_ACT_MS));
            }
        }
        return builder.last(Act.STEADY, killed == Killed.RANDOM ? Hosted.BOTH : Hosted.COPIERS, 0);
    }

    /** A copier that has its partition can be replaced; members of a group can come and go. */
    private Act act(SplittableRandom random) {
        Act other = sharing == Membership.GROUP_METADATA ? Act.REBALANCE : Act.ZOMBIE;
        return random.nextBoolean() ? other : Act.ROLLING;
    }
}
