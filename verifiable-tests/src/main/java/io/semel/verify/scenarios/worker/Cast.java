package io.semel.verify.scenarios.worker;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;
import io.semel.verify.programs.Carrying;
import io.semel.verify.programs.CopierOutput;
import io.semel.verify.programs.Copying;
import io.semel.verify.programs.Copying.GroupMetadata;
import io.semel.verify.programs.EventLine;
import io.semel.verify.programs.EventOutput;
import io.semel.verify.programs.Producing;
import io.semel.verify.scenarios.worker.Setting.Membership;

/**
 * The programs of one worker: who is on stage, and how they come and go. A name is on stage once; its records bear the
 * number of its entrance, so that no two are the same.
 *
 * <p>Thread rule: one thread, the director's.
 */
final class Cast {
    static final int PRODUCERS = 2;
    static final int COPIERS = Setting.PARTITIONS;

    /** Entrances of one life, apart from those of the next. */
    private static final int ENTRANCES = 10_000;

    private static final int PERCENT_ABORTED = 10;
    private static final int RECORDS_A_TRANSACTION = 20;
    private static final int RECORDS_A_POLL = 60;

    /** As short as a group allows: a member whose thread is gone keeps its partitions until then. */
    private static final int SESSION_TIMEOUT_MS = 6_000;

    /** Small, so that one transaction has several batches on their way. */
    private static final int BATCH_BYTES = 512;

    /** Of each producer: what a run leaves behind is read and judged in a few seconds. */
    private static final long RECORDS_PER_SECOND = 400;

    /** Of those for whom nobody copies yet: whoever copies later is to have something to do while he is killed. */
    private static final long RECORDS_PER_SECOND_AHEAD = 2_000;

    /** Whoever vanishes without a successor holds committed readers back for so long. */
    private static final int TRANSACTION_TIMEOUT_MS = 3_000;

    private final Semel semel;
    private final LifePlan plan;
    private final PrintWriter out;
    private final SplittableRandom random;
    private final Map<String, Player> onStage = new LinkedHashMap<>();
    private long copiedByTheGone;
    private int entrances;

    Cast(Semel semel, LifePlan plan, PrintWriter out, SplittableRandom random) {
        this.semel = semel;
        this.plan = plan;
        this.out = out;
        this.random = random;
    }

    EventOutput output(String name) {
        return new EventOutput(out, name);
    }

    Player enterProducer(int index) {
        return enterProducer("producer-" + index, TRANSACTION_TIMEOUT_MS);
    }

    /** @param name also its transactional id */
    Player enterProducer(String name, int transactionTimeoutMs) {
        int prefix = plan.number() * ENTRANCES + entrances++;
        long seed = random.nextLong();
        return enter(name, self -> {
            Map<String, Object> configs = new HashMap<>();
            if (semantics() == DeliverySemantics.EXACTLY_ONCE) {
                configs = transactional(name, transactionTimeoutMs);
            }
            Producer<String, String> producer = semel.producer(semantics(), configs, new StringSerializer(),
                    new StringSerializer());
            Producing producing = new Producing(producer, Setting.INPUT, output(name), self.stop()).numbered(prefix,
                    null).upTo(-1, plan.hasCopiers() ? RECORDS_PER_SECOND : RECORDS_PER_SECOND_AHEAD).aborting(
                            PERCENT_ABORTED, seed).disturbedBy(self);
            self.plays(producing::acknowledged, producer::flush);
            if (semantics() == DeliverySemantics.EXACTLY_ONCE) {
                producing.runInTransactionsOf(RECORDS_A_TRANSACTION);
            } else {
                producing.run();
            }
        });
    }

    Player enterCopier(int index) {
        return enterCopier("copier-" + index, index);
    }

    /** @param index names its transactional id, and its partition when it has one of its own */
    Player enterCopier(String name, int index) {
        long seed = random.nextLong();
        return enter(name, semantics() == DeliverySemantics.EXACTLY_ONCE
                ? self -> copy(self, index, seed)
                : this::carry);
    }

    private void copy(Player self, int index, long seed) {
        CopierOutput output = new CopierOutput(out, self.name(), self.name(), CopierOutput.Detail.HISTORY_ALONE);
        Producer<String, String> producer = semel.producer(semantics(), transactional("copier-" + index,
                TRANSACTION_TIMEOUT_MS), new StringSerializer(), new StringSerializer());
        Consumer<String, String> consumer = consumer();
        Copying copying = new Copying(consumer, producer, output, self.stop(), new SplittableRandom(seed));
        copying.configure(Copying.Until.STOPPED, plan.setting().placement(), self);
        boolean isMember = plan.setting().membership() == Membership.GROUP_METADATA;
        copying.configure(Setting.OUTPUT, Setting.GROUP, isMember ? GroupMetadata.OF_THE_MEMBER
                : GroupMetadata.OF_NOBODY, -1, PERCENT_ABORTED);
        if (isMember) {
            copying.subscribe(Setting.INPUT);
        } else {
            copying.assign(Setting.INPUT, index);
        }
        self.plays(output::total, producer::flush);
        copying.run();
        consumer.close();
        producer.close();
        output.end();
    }

    private void carry(Player self) {
        EventOutput output = output(self.name());
        Producer<String, String> producer = semel.producer(semantics(), Map.of(ProducerConfig.BATCH_SIZE_CONFIG,
                BATCH_BYTES), new StringSerializer(), new StringSerializer());
        Consumer<String, String> consumer = consumer();
        Carrying carrying = new Carrying(consumer, producer, semantics(), output, self.stop(), self);
        self.plays(carrying::carried, producer::flush);
        carrying.run(Setting.INPUT, Setting.OUTPUT, Setting.GROUP);
        consumer.close();
        producer.close();
        output.print(EventLine.SHUTDOWN_COMPLETE);
    }

    private Consumer<String, String> consumer() {
        Map<String, Object> configs = new HashMap<>();
        configs.put(ConsumerConfig.GROUP_ID_CONFIG, Setting.GROUP);
        configs.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_A_POLL);
        configs.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MS);
        configs.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        if (semantics() == DeliverySemantics.AT_LEAST_ONCE) {
            configs.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        }
        return semel.consumer(semantics(), configs, new StringDeserializer(), new StringDeserializer());
    }

    private static Map<String, Object> transactional(String id, int timeoutMs) {
        Map<String, Object> configs = new HashMap<>();
        configs.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
        configs.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, timeoutMs);
        configs.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        return configs;
    }

    private DeliverySemantics semantics() {
        return plan.setting().semantics();
    }

    private Player enter(String name, Player.Part part) {
        if (onStage.containsKey(name)) {
            throw new IllegalStateException("on stage already: " + name);
        }
        Player player = Player.start(name, part);
        onStage.put(name, player);
        return player;
    }

    /** Forgets one that has ended. */
    void strike(Player gone) {
        copiedByTheGone += isCopier(gone) ? gone.progress() : 0;
        onStage.remove(gone.name());
    }

    Collection<Player> onStage() {
        return List.copyOf(onStage.values());
    }

    List<Player> producers() {
        return onStage.values().stream().filter(player -> !isCopier(player)).toList();
    }

    List<Player> copiers() {
        return onStage.values().stream().filter(Cast::isCopier).toList();
    }

    private static boolean isCopier(Player player) {
        return player.name().startsWith("copier");
    }

    /** Records copied in this life, by whomever. */
    long copied() {
        return copiedByTheGone + copiers().stream().mapToLong(Player::progress).sum();
    }
}
