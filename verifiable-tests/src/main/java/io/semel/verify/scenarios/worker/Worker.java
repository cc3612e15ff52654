package io.semel.verify.scenarios.worker;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

import org.agrona.concurrent.SystemEpochClock;

import io.semel.client.Semel;
import io.semel.client.runtime.ClientRuntime;
import io.semel.server.CommandLines;
import io.semel.server.child.ChildJvm;
import io.semel.transactions.broker.RecoveryReport;
import io.semel.verify.programs.EventOutput;

/**
 * The process of a scenario: producers write, copiers copy, each on a thread, while an act is played with them; then,
 * in the last life, the copiers finish and both topics are read through. Every line that it prints belongs to the
 * history.
 *
 * <p>Thread rule: the main thread directs.
 */
public final class Worker {
    private final LifePlan plan;
    private final ClientRuntime runtime;
    private final Semel semel;
    private final Cast cast;
    private final Stage stage;

    private Worker(LifePlan plan, ClientRuntime runtime, PrintWriter out) {
        SplittableRandom random = new SplittableRandom(plan.seed());
        this.plan = plan;
        this.runtime = runtime;
        this.semel = Semel.over(runtime);
        this.cast = new Cast(semel, plan, out, random.split());
        this.stage = new Stage(semel, cast, random.split(), plan.workMs());
    }

    public static void main(String[] arguments) throws IOException {
        ChildJvm.dieWithParent();
        LifePlan plan = LifePlan.of(arguments);
        PrintWriter out = new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
        EventOutput output = new EventOutput(out, "");
        int code = CommandLines.GOOD;
        try (ClientRuntime runtime = ClientRuntime.start(plan.setting().open(SystemEpochClock.INSTANCE),
                SystemEpochClock.INSTANCE)) {
            RecoveryReport recovery = runtime.broker().recovery();
            output.print(output.event(Told.READY).with(Told.LIFE, plan.number()).with("decided", recovery
                    .decidedTransactions()).with("aborted", recovery.abortedBranches()));
            new Worker(plan, runtime, out).run();
        } catch (BrokenException e) {
            output.print(output.event(Told.VIOLATION).with(Told.WHAT, e.getMessage()));
            code = CommandLines.DAMAGE;
        }
        System.exit(code);
    }

    private void run() {
        for (String topic : new String[] {Setting.INPUT, Setting.OUTPUT}) {
            if (!semel.admin().hasTopic(topic)) {
                semel.admin().createTopic(topic, Setting.PARTITIONS);
            }
        }
        for (int index = 0; plan.hasProducers() && index < Cast.PRODUCERS; index++) {
            cast.enterProducer(index);
        }
        for (int index = 0; plan.hasCopiers() && index < Cast.COPIERS; index++) {
            cast.enterCopier(index);
        }
        stage.begin(() -> plan.hasCopiers() && plan.hasProducers() ? cast.copied() > 0 : plan.hasCopiers() || cast
                .producers().stream()
                .anyMatch(producer -> producer.progress() > 0));
        plan.act().play(stage);
        stage.await(() -> false);
        cast.producers().forEach(stage::leave);
        if (plan.ending() == LifePlan.Ending.READ_THROUGH) {
            if (cast.copiers().isEmpty()) {
                cast.enterCopier(0);
            }
            stage.must("the copiers reach the end of the input", this::isCopied);
        }
        cast.copiers().forEach(stage::leave);
        if (plan.ending() == LifePlan.Ending.READ_THROUGH) {
            readThrough(Setting.INPUT);
            readThrough(Setting.OUTPUT);
        }
    }

    /**
     * Whoever vanished without a successor may have left a transaction open: committed readers see the end once it has
     * timed out (T8).
     */
    private void readThrough(String topic) {
        stage.must("every transaction in " + topic + " ends", () -> runtime.broker().topic(topic).partitions().stream()
                .allMatch(partition -> partition.stableOffset() == partition.readableOffset()));
        ReadThrough.of(topic, semel, plan.setting().semantics(), cast.output(ReadThrough.READER + topic));
    }

    private boolean isCopied() {
        long[] committed = new Offsets(runtime, Setting.GROUP).committed(Setting.INPUT, Setting.PARTITIONS);
        return InputEnd.isReached(runtime.broker().topic(Setting.INPUT).partitions(), committed);
    }
}
