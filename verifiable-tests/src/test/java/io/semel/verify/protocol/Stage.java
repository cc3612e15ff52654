package io.semel.verify.protocol;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.semel.idempotence.ProducerIds;
import io.semel.idempotence.ProducerState;
import io.semel.idempotence.Verdicts;
import io.semel.log.Durability;
import io.semel.log.LogConfig;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.Topic;
import io.semel.transactions.broker.TopicConfig;
import io.semel.transactions.coordinator.Initialization;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.TransactionCoordinator;
import io.semel.transactions.coordinator.TransactionOperator;
import io.semel.transactions.groups.CommitRequest;
import io.semel.transactions.groups.FetchResult;
import io.semel.transactions.groups.FetchedOffset;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.Membership;
import io.semel.transactions.groups.OffsetToCommit;
import io.semel.transactions.groups.PartitionName;
import io.semel.transactions.groups.Reply;
import io.semel.transactions.groups.Stability;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionId;
import io.semel.transactions.records.TransactionHome;
import io.semel.verify.disk.CrashMode;
import io.semel.verify.disk.MetadataOrder;

/** Where a script is played: the real broker on a disk in memory, and who acts on it. Thread rule: one thread. */
final class Stage {
    static final int USUAL_TIMEOUT_MS = 60_000;

    private static final Map<String, String> SMALL = Map.of(TopicConfig.SEGMENT_BYTES, Integer.toString(
            LogConfig.MIN_SEGMENT_BYTES));

    /** Every group reads this. */
    static final PartitionName INPUT = new PartitionName("in", 0);

    /** A step that waits for the flusher or a sweep is done after one round of them. */
    private static final int ROUNDS = 4;

    private final long diskSeed;
    private final Map<String, Actor> actors = new HashMap<>();
    private final Map<Long, String> transactionalIds = new HashMap<>();
    private final Map<String, ProducerState> held = new HashMap<>();
    private Durability durability = Durability.PROCESS;
    private World world;

    Stage(long diskSeed) {
        this.diskSeed = diskSeed;
    }

    Answer promise(Durability level) {
        if (world != null) {
            throw new ScriptException("the directory is open already; say what it promises first");
        }
        durability = level;
        return Answer.DONE;
    }

    World world() {
        if (world == null) {
            MetadataOrder[] orders = MetadataOrder.values();
            MetadataOrder order = orders[(int) (diskSeed % orders.length)];
            world = new World(new Setting(durability, order, diskSeed, false, false), Verdicts.STRICT);
            reopen();
        }
        return world;
    }

    private void reopen() {
        try {
            world.open();
        } catch (IOException e) {
            throw new AssertionError("the directory can't be opened: " + e.getMessage(), e);
        }
    }

    private Broker broker() {
        return world().broker();
    }

    long nowMs() {
        return world().time();
    }

    // ---- topics

    Answer createTopics(String... names) throws IOException {
        for (String name : names) {
            broker().createTopic(name, 1, SMALL);
        }
        return Answer.DONE;
    }

    Answer deleteTopic(String topic) throws IOException {
        partition(topic);
        broker().deleteTopic(topic);
        return Answer.DONE;
    }

    Answer deleteRecords(String topic, long before) throws IOException {
        broker().deleteRecords(partition(topic).id().topic(), 0, before);
        return Answer.DONE;
    }

    Partition partition(String topic) {
        if (topic.equals("journal")) {
            return world().partition(LogPicture.JOURNAL);
        }
        if (!broker().hasTopic(topic)) {
            throw new ScriptException("there is no topic '" + topic + "'; there are " + topics());
        }
        return world().partition(new PartitionId(topic, 0));
    }

    private List<String> topics() {
        return broker().topics().stream().filter(topic -> !topic.isInternal()).map(Topic::name).toList();
    }

    String picture(String topic) {
        return LogPicture.of(partition(topic), this::transactionalIdOf, durability == Durability.POWER);
    }

    /** Of all topics, a line each. */
    String pictures() {
        return topics().stream().map(topic -> "  " + topic + ": " + picture(topic) + "\n").collect(Collectors
                .joining());
    }

    // ---- time, disk and crashes

    Answer pass(long ms) {
        world().pass(ms);
        work();
        return Answer.DONE;
    }

    private void work() {
        for (int round = 0; round < ROUNDS; round++) {
            broker().doWork();
        }
    }

    Answer force(String topic) {
        partition(topic).helpMakeSafe(Durability.POWER);
        return Answer.DONE;
    }

    Answer forceAll() {
        broker().topics().forEach(topic -> topic.partitions().forEach(each -> each.helpMakeSafe(Durability.POWER)));
        broker().flush();
        return Answer.DONE;
    }

    Answer crash(CrashMode mode) {
        world().crash(mode);
        standUpAgain();
        return Answer.DONE;
    }

    Answer restart() throws IOException {
        world().close();
        standUpAgain();
        return Answer.DONE;
    }

    /** Instances of transactional ids live in the process and die with it. */
    private void standUpAgain() {
        held.clear();
        actors.values().removeIf(Actor::isTransactional);
        reopen();
    }

    // ---- producers

    Actor actor(String who) {
        Actor actor = actors.get(who);
        if (actor == null) {
            throw new ScriptException("there is no " + who + " in this life of the process; first '" + who
                    + " opens ID' or '" + who + " gets an id'");
        }
        return actor;
    }

    Answer open(String who, String transactionalId, int timeoutMs) {
        Actor actor = actors.computeIfAbsent(who, unused -> new Actor(this));
        Answer answer = actor.open(initialize(transactionalId, timeoutMs));
        if (answer.isGood()) {
            transactionalIds.put(actor.producerId(), transactionalId);
        }
        return answer;
    }

    private Initialization initialize(String transactionalId, int timeoutMs) {
        return broker().transactions().initialize(transactionalId, timeoutMs, TransactionHome.EMBEDDED);
    }

    Answer comeAndGo(int count, String transactionalId) {
        for (int owner = 0; owner < count; owner++) {
            Initialization initialization = initialize(transactionalId, USUAL_TIMEOUT_MS);
            Progress progress = initialization.step();
            for (int round = 0; round < ROUNDS && progress == Progress.PENDING; round++) {
                // The journal rolls.
                work();
                forceAll();
                progress = initialization.step();
            }
            if (progress != Progress.DONE) {
                return Answer.of(progress);
            }
            transactionalIds.put(initialization.session().producerId(), transactionalId);
        }
        return Answer.DONE;
    }

    Answer issue(String who) {
        long producerId = broker().producerIds().tryIssue();
        if (producerId == ProducerIds.NOT_YET) {
            // Its block waits for the medium.
            forceAll();
            producerId = broker().producerIds().tryIssue();
        }
        actors.put(who, Actor.withId(this, producerId));
        return Answer.DONE;
    }

    /** While a producer's pen is taken in a partition, no marker of it gets in there. */
    Answer hold(String who, String topic) {
        ProducerState state = partition(topic).producer(actor(who).producerId());
        if (state == null || held.containsKey(who)) {
            throw new ScriptException(who + " never wrote to " + topic + ", or is busy already");
        }
        state.pen().take();
        held.put(who, state);
        return Answer.DONE;
    }

    Answer letGo(String who) {
        ProducerState state = held.remove(who);
        if (state == null) {
            throw new ScriptException(who + " is not busy");
        }
        state.pen().release();
        return Answer.DONE;
    }

    Answer operatorAborts(String transactionalId) {
        TransactionOperator.Abortion abortion = broker().transactions().operator().abort(transactionalId).orElseThrow(
                () -> new ScriptException("nobody ever opened " + transactionalId));
        return Answer.of(abortion.step());
    }

    private String transactionalIdOf(long producerId) {
        return transactionalIds.getOrDefault(producerId, "producer " + producerId);
    }

    // ---- groups

    Answer commitPlainly(String group, long offset) {
        CommitRequest request = new CommitRequest(group, Membership.NOBODY, List.of(OffsetToCommit.of(INPUT.topic(),
                INPUT.partition(), offset)));
        return answer(reply -> broker().groups().commit(request, nowMs(), reply));
    }

    Answer deleteGroup(String group) {
        return answer(reply -> broker().groups().deleteGroup(group, nowMs(), reply));
    }

    /** As {@code 5}, {@code none}, or either with {@code unstable} behind. */
    String offsetOf(String group) {
        FetchedOffset known = fetch(group, Stability.ANY);
        boolean isPending = fetch(group, Stability.REQUIRED).error() == GroupError.UNSTABLE_OFFSET_COMMIT;
        String offset = known.committed().isPresent() ? Long.toString(known.committed().offset()) : "none";
        return isPending ? offset + " unstable" : offset;
    }

    private FetchedOffset fetch(String group, Stability stability) {
        List<FetchResult> answers = new ArrayList<>();
        broker().groups().fetch(group, List.of(INPUT), stability, answers::add);
        return answers.get(0).offsets().get(0);
    }

    private interface Question {
        void ask(Reply<GroupError> reply);
    }

    private static Answer answer(Question question) {
        List<GroupError> answers = new ArrayList<>();
        question.ask(answers::add);
        return answers.isEmpty() ? Answer.of(Progress.PENDING) : Answer.of(answers.get(0));
    }

    // ---- the end of every story

    /**
     * T8, T1: whatever a story left open ends by itself, in the longest time that a transaction may take, and what was
     * committed then is committed for ever.
     */
    void epilogue() {
        List.copyOf(held.keySet()).forEach(this::letGo);
        pass(TransactionCoordinator.MAX_TIMEOUT_MS + World.TICK_MS);
        for (int round = 0; round < ROUNDS; round++) {
            forceAll();
            pass(World.TICK_MS);
        }
        requireNothingOpen("when all time-outs are over");
        Map<String, List<String>> before = committed();
        crash(CrashMode.PROCESS);
        requireNothingOpen("after one more crash");
        if (!committed().equals(before)) {
            throw new AssertionError("T1: committed readers saw " + before + " and after one more crash see "
                    + committed());
        }
    }

    private void requireNothingOpen(String when) {
        for (Topic topic : broker().topics()) {
            for (Partition partition : topic.partitions()) {
                if (partition.stableOffset() < partition.readableOffset()) {
                    throw new AssertionError("T8: " + when + " a transaction is open still: " + partition);
                }
            }
        }
    }

    private Map<String, List<String>> committed() {
        Map<String, List<String>> seen = new TreeMap<>();
        topics().forEach(topic -> seen.put(topic, LogPicture.values(partition(topic), Isolation.READ_COMMITTED)));
        return seen;
    }
}
