package io.semel.verify;

import java.util.List;

import io.semel.client.runtime.ClientRuntime;
import io.semel.transactions.partition.Partition;

/**
 * Carries portions from a source into transactions: commits most, aborts some, and now and then is replaced by a newer
 * instance without noticing.
 *
 * <p>Thread rule: one thread.
 */
final class Member {
    private final ClientRuntime runtime;
    private final String transactionalId;
    private final Source source;
    private final Luck luck;
    private final Anomalies anomalies;
    private final Tally tally;
    private final Telling telling;
    private TransactionalClient client;

    Member(ClientRuntime runtime, String transactionalId, Source source, Luck luck, Anomalies anomalies, Tally tally,
            Telling telling) {
        this.runtime = runtime;
        this.transactionalId = transactionalId;
        this.source = source;
        this.luck = luck;
        this.anomalies = anomalies;
        this.tally = tally;
        this.telling = telling;
        this.client = newInstance();
    }

    private TransactionalClient newInstance() {
        return TransactionalClient.open(runtime, transactionalId, luck, anomalies, tally, telling);
    }

    /** One transaction; false when there was nothing to do. */
    boolean step() {
        List<Portion> portions = source.take();
        if (portions.isEmpty()) {
            return false;
        }
        try {
            switch (luck.course()) {
                case COMMIT -> commit(portions);
                case ABORT -> abort(portions);
                case TAKEOVER -> beReplaced(portions);
            }
        } catch (FencedException | IllegalStateException e) {
            // Nobody took over but by our own hand, and every batch was as it must be: the engine is wrong.
            anomalies.report("a rightful instance was refused: " + e.getMessage());
            client = newInstance();
            source.rewind();
        }
        return true;
    }

    private void commit(List<Portion> portions) {
        client.begin();
        writeAll(client, portions);
        stageAll(client, portions);
        client.commit();
        tally.transactions.incrementAndGet();
    }

    private void abort(List<Portion> portions) {
        client.begin();
        writeAll(client, portions);
        stageAll(client, portions);
        client.abort();
        tally.aborts.incrementAndGet();
        source.rewind();
    }

    /**
     * The old instance pauses in the middle of its transaction, long enough to be replaced; the new one copies the same
     * portions; then the old one wakes up and goes on where it stood, before the new one commits.
     */
    private void beReplaced(List<Portion> portions) {
        TransactionalClient zombie = client;
        zombie.begin();
        int pausedAt = luck.below(portions.size());
        writeAll(zombie, portions.subList(0, pausedAt));

        client = newInstance();
        tally.takeovers.incrementAndGet();
        client.begin();
        writeAll(client, portions);
        stageAll(client, portions);

        for (Portion portion : portions.subList(pausedAt, portions.size())) {
            mustBeFenced(zombie, "wrote to " + portion.target().id(),
                    () -> zombie.write(portion.target(), portion.entries()));
        }
        mustBeFenced(zombie, "committed an offset", () -> zombie.stage(source.group(), portions.get(0).consumed()));
        client.commit();
        mustBeFenced(zombie, "committed", zombie::commit);
        tally.transactions.incrementAndGet();
    }

    private void mustBeFenced(TransactionalClient zombie, String what, Runnable attempt) {
        try {
            attempt.run();
        } catch (FencedException e) {
            return;
        } catch (IllegalStateException e) {
            anomalies.report("an instance that was replaced was refused for a wrong reason: " + e.getMessage());
            return;
        }
        anomalies.report("an instance that was replaced " + what + ": " + zombie);
    }

    private static void writeAll(TransactionalClient by, List<Portion> portions) {
        for (Portion portion : portions) {
            Partition target = portion.target();
            by.write(target, portion.entries());
        }
    }

    private void stageAll(TransactionalClient by, List<Portion> portions) {
        for (Portion portion : portions) {
            by.stage(source.group(), portion.consumed());
        }
    }
}
