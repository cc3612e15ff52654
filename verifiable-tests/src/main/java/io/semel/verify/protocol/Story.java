package io.semel.verify.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import io.semel.log.Durability;
import io.semel.verify.disk.MetadataOrder;

/** All that is drawn of a life before it begins. Thread rule: immutable. */
record Story(Setting setting, List<Step> steps) {
    private static final int FEW_STEPS = 30;
    private static final int MANY_STEPS = 160;

    /** Of so many kinds one is left out of a life, and one comes often: a mean would seldom get to the ends. */
    private static final int KINDS_PER_HABIT = 8;

    private static final int OFTEN = 4;

    static Story draw(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Durability durability = random.nextInt(3) == 0 ? Durability.POWER : Durability.PROCESS;
        MetadataOrder[] orders = MetadataOrder.values();
        Setting setting = new Setting(durability, orders[random.nextInt(orders.length)], random.nextLong(), random
                .nextInt(6) == 0, random.nextInt(6) == 0);
        int[] weights = weights(random);
        int count = random.nextInt(4) == 0 ? MANY_STEPS : FEW_STEPS;
        List<Step> steps = new ArrayList<>();
        for (int index = 1 + random.nextInt(count); index > 0; index--) {
            steps.add(new Step(drawn(weights, random), random.nextInt(1 << 16), random.nextInt(1 << 16), random.nextInt(
                    1 << 16)));
        }
        return new Story(setting, List.copyOf(steps));
    }

    private static int[] weights(SplittableRandom random) {
        Step.Kind[] kinds = Step.Kind.values();
        int[] weights = new int[kinds.length];
        for (int index = 0; index < weights.length; index++) {
            int habit = random.nextInt(KINDS_PER_HABIT);
            weights[index] = habit == 0 ? 1 : habit == 1 ? kinds[index].usual() * OFTEN : kinds[index].usual();
        }
        return weights;
    }

    private static Step.Kind drawn(int[] weights, SplittableRandom random) {
        int total = 0;
        for (int weight : weights) {
            total += weight;
        }
        int left = random.nextInt(total);
        int index = 0;
        while (left >= weights[index]) {
            left -= weights[index];
            index++;
        }
        return Step.Kind.values()[index];
    }
}
