package io.semel.verify;

import java.nio.file.Path;

import io.semel.verify.scenarios.worker.Sabotage;

/**
 * What a run of the kill scenario does.
 *
 * @param kills how often a worker dies of {@code kill -9}
 * @param seed  decides when workers die and what goes wrong in them; the operating system's scheduling it can't decide
 */
record KillPlan(Path directory, int kills, long seed, int members, int partitions, Sabotage sabotage, Tale tale) {
    static final int MAX_KILLS = 100_000;
    static final int MAX_MEMBERS = 32;
    static final int MAX_PARTITIONS = 64;

    WorkerOptions worker(long workerSeed, boolean finish) {
        return new WorkerOptions(directory, members, partitions, workerSeed, sabotage, finish, tale);
    }
}
