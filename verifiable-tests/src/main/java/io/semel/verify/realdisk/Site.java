package io.semel.verify.realdisk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.semel.verify.realdisk.worker.Weakness;
import io.semel.verify.realdisk.worker.WorkerOptions;

/**
 * The directories of one scenario, and the workers that live there one after the other. Thread rule: one thread.
 */
final class Site {
    private final Path data;
    private final Path witness;
    private final Path errors;
    private final long setup;
    private final Weakness weakness;
    private final Leftovers leftovers;
    private int lives;

    private Site(Path data, Path witness, Path errors, long setup, Weakness weakness, Leftovers leftovers) {
        this.data = data;
        this.witness = witness;
        this.errors = errors;
        this.setup = setup;
        this.weakness = weakness;
        this.leftovers = leftovers;
    }

    /**
     * @param data    on the disk under test; made when it is missing
     * @param witness on another disk
     * @param errors  where JVMs that crash say so
     */
    static Site of(Path data, Path witness, Path errors, long setup, Weakness weakness, Leftovers leftovers)
            throws IOException {
        Files.createDirectories(data);
        Files.createDirectories(witness);
        return new Site(data, witness, errors, setup, weakness, leftovers);
    }

    /** The same logs at another place, for a look that the ones here don't hear of. */
    Site movedTo(Path otherData, Path otherWitness) {
        return new Site(otherData, otherWitness, errors, setup, weakness, leftovers);
    }

    Path data() {
        return data;
    }

    Path witness() {
        return witness;
    }

    WorkerLife begin(WorkerOptions.Work work) throws IOException {
        Files.deleteIfExists(stopFile());
        lives++;
        WorkerOptions options = new WorkerOptions(data, witness, setup, lives, work, weakness);
        return leftovers.keep(() -> WorkerLife.start(options, errors, leftovers));
    }

    /** Has the worker of this moment close its logs and end. */
    void askToStop() throws IOException {
        Files.createFile(stopFile());
    }

    /** Has the worker of this moment see to it that a partition that took an append waits until all others took one. */
    void askForTurns() throws IOException {
        Files.createFile(turnsFile());
    }

    void endTurns() throws IOException {
        Files.delete(turnsFile());
    }

    private Path turnsFile() {
        return witness.resolve(WorkerOptions.TURNS_FILE);
    }

    private Path stopFile() {
        return witness.resolve(WorkerOptions.STOP_FILE);
    }

    @Override
    public String toString() {
        return "setup " + setup + ", life " + lives;
    }
}
