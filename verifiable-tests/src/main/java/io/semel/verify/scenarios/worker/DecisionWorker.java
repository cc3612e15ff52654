package io.semel.verify.scenarios.worker;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

import org.agrona.concurrent.SystemEpochClock;

import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;
import io.semel.client.runtime.ClientRuntime;
import io.semel.server.CommandLines;
import io.semel.server.child.ChildJvm;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.RecoveryReport;
import io.semel.transactions.partition.Partition;
import io.semel.verify.programs.Copying.Placement;
import io.semel.verify.programs.EventOutput;

/**
 * The process that dies between the steps of a decision: first it opens the directory as anybody would and looks
 * whether all that was decided before is there and nothing else; then it opens it without a background thread, goes as
 * far as it is told, and waits to be killed.
 *
 * <p>Thread rule: one thread.
 */
public final class DecisionWorker {
    private final DecisionPlan plan;
    private final Setting setting;
    private final PrintWriter out;

    private DecisionWorker(DecisionPlan plan, PrintWriter out) {
        this.plan = plan;
        this.setting = new Setting(plan.directory(), DeliverySemantics.EXACTLY_ONCE, plan.durability(), plan.sabotage(),
                Placement.SAME_PARTITION, Setting.Membership.ASSIGNED);
        this.out = out;
    }

    public static void main(String[] arguments) throws IOException {
        ChildJvm.dieWithParent();
        PrintWriter out = new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
        DecisionWorker worker = new DecisionWorker(DecisionPlan.of(arguments), out);
        int code = CommandLines.GOOD;
        try {
            worker.look();
            if (worker.plan.course() != DecisionPlan.Course.LOOK) {
                worker.decide();
            }
        } catch (BrokenException e) {
            EventOutput output = new EventOutput(out, "");
            output.print(output.event(Told.VIOLATION).with(Told.WHAT, e.getMessage()));
            code = CommandLines.DAMAGE;
        }
        System.exit(code);
    }

    /** T1, T8, G1: what was decided is there with its offset, the rest is not, and nobody is held back. */
    private void look() throws IOException {
        try (ClientRuntime runtime = ClientRuntime.start(setting.open(SystemEpochClock.INSTANCE),
                SystemEpochClock.INSTANCE)) {
            Semel semel = Semel.over(runtime);
            RecoveryReport recovery = runtime.broker().recovery();
            EventOutput output = new EventOutput(out, "");
            output.print(output.event(Told.READY).with(Told.LIFE, plan.number()).with("decided", recovery
                    .decidedTransactions()).with("aborted", recovery.abortedBranches()));
            if (!semel.admin().hasTopic(Setting.OUTPUT)) {
                semel.admin().createTopic(Setting.OUTPUT, Setting.PARTITIONS);
            }
            requireNobodyHeldBack(runtime.broker());
            List<String> seen = ReadThrough.of(Setting.OUTPUT, semel, DeliverySemantics.EXACTLY_ONCE, new EventOutput(
                    out, ReadThrough.READER + Setting.OUTPUT));
            requireSeen(seen);
            long offset = new Offsets(runtime, Setting.GROUP).committed(Setting.OUTPUT, Setting.PARTITIONS)[0];
            long expected = plan.committed().isEmpty() ? 0 : plan.committed().get(plan.committed().size() - 1);
            if (offset != expected) {
                throw new BrokenException("the group's offset is " + offset
                        + ", and the last transaction that was decided commits " + expected + " (G1)");
            }
        }
    }

    private static void requireNobodyHeldBack(Broker broker) {
        for (Partition partition : broker.topic(Setting.OUTPUT).partitions()) {
            if (partition.stableOffset() != partition.readableOffset()) {
                throw new BrokenException("a transaction of a process that is gone holds readers back (T8): "
                        + partition
                                .id() + " stable=" + partition.stableOffset() + " readable=" + partition
                                        .readableOffset());
            }
        }
    }

    private void requireSeen(List<String> seen) {
        List<String> expected = plan.committed().stream().flatMap(life -> IntStream.range(0, Setting.PARTITIONS)
                .mapToObj(partition -> Deciding.value(life, partition))).sorted().toList();
        if (!seen.stream().sorted().toList().equals(expected)) {
            throw new BrokenException("a transaction is there that was not decided, or is not there in full (T1): seen="
                    + seen.stream().sorted().toList() + " decided=" + expected);
        }
    }

    private void decide() throws IOException {
        StepClock clock = new StepClock();
        try (Broker broker = setting.open(clock)) {
            new Deciding(plan, broker, clock, new EventOutput(out, "decider")).run();
        }
    }
}
