package io.semel.verify.protocol;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.semel.log.Durability;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.TransactionOperator;
import io.semel.transactions.partition.PartitionId;
import io.semel.transactions.partition.PartitionWriter;

/** Who aborts what others have open, and deletes topics under them. Thread rule: one thread. */
final class Operator {
    private final World world;
    private final Auditor auditor;
    private final Producers producers;
    private final Tape tape;

    Operator(World world, Auditor auditor, Producers producers, Tape tape) {
        this.world = world;
        this.auditor = auditor;
        this.producers = producers;
        this.tape = tape;
    }

    /**
     * T6: the owner of what is open is fenced, before anything of it is aborted; what is decided nobody takes back
     * (T1).
     */
    void abort(String name) {
        List<Client> instances = auditor.clients().stream().filter(each -> each.name().equals(name)).toList();
        List<Client> owners = instances.stream().filter(each -> each.standing == Client.Standing.CURRENT
                && each.phase == Client.Phase.ONGOING).toList();
        Optional<TransactionOperator.Abortion> abortion = world.broker().transactions().operator().abort(name);
        if (abortion.isEmpty()) {
            Auditor.require(owners.isEmpty(), "T8", () -> owners + " are in a transaction that no operator finds");
            return;
        }
        Map<Client, Client.Standing> standings = new HashMap<>();
        Map<Txn, Boolean> abortable = new HashMap<>();
        for (Client each : instances) {
            standings.put(each, each.standing);
            if (each.txn != null) {
                abortable.put(each.txn, each.txn.mayAbort);
            }
        }
        auditor.takeOverBegins(name);
        Progress progress = abortion.get().step();
        world.requireLiving();
        tape.note(() -> "an operator aborts what " + name + " has open", progress);
        if (progress == Progress.INVALID_STATE) {
            Auditor.require(owners.isEmpty(), "T8", () -> owners + " are in a transaction that no operator can abort");
            standings.forEach((client, standing) -> client.standing = standing);
            abortable.forEach((txn, mayAbort) -> txn.mayAbort = mayAbort);
            return;
        }
        boolean mayWait = world.durability() == Durability.POWER;
        Auditor.require(progress == Progress.DONE || mayWait && progress == Progress.PENDING, "T8", () -> "an operator"
                + " aborts what " + name + " has open, and is told " + progress);
        owners.forEach(Client::fence);
        tape.count(Count.OPERATOR);
    }

    /**
     * T8: what is open in a topic that is deleted ends elsewhere. Nobody who wrote to it writes to the one that has its
     * name next.
     */
    void replaceTopic(int who) throws IOException {
        PartitionId id = World.REPLACED;
        Client client = producers.transactional(who);
        boolean isIn = client != null && client.phase == Client.Phase.ONGOING;
        PartitionWriter writer = isIn
                ? client.session().touch(world.partition(id))
                : world.partition(id).openWriter();
        // Not one that it has written: a duplicate is answered as before, wherever that is now.
        int sequence = isIn ? client.nextSequence(id) : Batch.NO_SEQUENCE;
        world.broker().deleteTopic(id.topic());
        world.requireLiving();
        auditor.follow(id, World.NO_TOPIC);
        world.createReplaced();
        world.requireLiving();
        makeWhole();
        if (writer != null) {
            Batch batch = isIn
                    ? Batch.data(client.producerId(), client.epoch(), sequence, true, List.of("late"))
                    : Batch.data(Batch.NO_PRODUCER, (short) -1, sequence, false, List.of("late"));
            long code = writer.append(tape.encode(world.time(), batch));
            world.requireLiving();
            tape.note("to the topic that was deleted", code);
            Auditor.require(code < 0, "T5", () -> "a batch to " + id + ", which was deleted, is taken at " + code);
        }
        tape.count(Count.REPLACED_TOPICS);
    }

    /** There is a topic of each name, and the auditor knows which one. */
    void makeWhole() throws IOException {
        if (!world.has(World.REPLACED)) {
            world.createReplaced();
        }
        World.ALL.forEach(id -> auditor.follow(id, world.partition(id).topicId()));
    }
}
