package io.semel.verify.protocol;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.agrona.concurrent.EpochClock;

import io.semel.idempotence.Verdicts;
import io.semel.log.Durability;
import io.semel.log.LogConfig;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.BrokerContext;
import io.semel.transactions.broker.Expirations;
import io.semel.transactions.broker.TopicConfig;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionId;
import io.semel.verify.disk.CrashMode;
import io.semel.verify.disk.ForceOutcome;
import io.semel.verify.disk.SimulatedDisk;

/** One directory on a disk in memory, its clock, and the broker that has it open now. Thread rule: one thread. */
final class World implements EpochClock {
    static final PartitionId OFFSETS = new PartitionId(Broker.OFFSETS_TOPIC, 0);

    /** Where producers write. */
    static final List<PartitionId> DATA = List.of(new PartitionId("a", 0), new PartitionId("a", 1), new PartitionId("b",
            0));

    static final List<PartitionId> ALL = List.of(DATA.get(0), DATA.get(1), DATA.get(2), OFFSETS);

    /** All that is written or timed is a multiple of this, and so a sweep is due whenever time has passed. */
    static final long TICK_MS = 10;

    /** Short beside Kafka's day and week, so that a life outlasts it more than once. */
    static final long PRODUCER_ID_EXPIRATION_MS = 10_000;
    static final long TRANSACTIONAL_ID_EXPIRATION_MS = 20_000;

    private static final Path DIRECTORY = Path.of("/semel");
    private static final Map<String, String> SMALL = Map.of(TopicConfig.SEGMENT_BYTES, Integer.toString(
            LogConfig.MIN_SEGMENT_BYTES));
    private static final long NEVER = Long.MAX_VALUE;

    /** The one that is deleted and made again. */
    static final PartitionId REPLACED = DATA.get(2);

    /** No topic has this id. */
    static final UUID NO_TOPIC = new UUID(0, 0);

    private final Setting setting;
    private final Verdicts verdicts;
    private SimulatedDisk disk;
    private Broker broker;
    private long nowMs = 1_000_000;
    private long uuids;
    private long crashCall = NEVER;

    World(Setting setting, Verdicts verdicts) {
        this.setting = setting;
        this.verdicts = verdicts;
        this.disk = SimulatedDisk.create(setting.diskSeed(), setting.order());
    }

    @Override
    public long time() {
        return nowMs;
    }

    Durability durability() {
        return setting.durability();
    }

    void pass(long ms) {
        nowMs += ms;
    }

    Broker broker() {
        return broker;
    }

    /** Not while its topic is being made again. */
    boolean has(PartitionId id) {
        return broker.hasTopic(id.topic());
    }

    Partition partition(PartitionId id) {
        return broker.partition(id.topic(), id.partition());
    }

    void create() throws IOException {
        open();
        broker.createTopic("a", 2, SMALL);
        createReplaced();
    }

    void createReplaced() throws IOException {
        broker.createTopic(REPLACED.topic(), 1, SMALL);
    }

    void open() throws IOException {
        broker = Broker.open(DIRECTORY, new BrokerContext(disk, this, () -> new UUID(7, ++uuids), setting.durability(),
                verdicts).withOwnSegmentBytes(LogConfig.MIN_SEGMENT_BYTES).withExpirations(new Expirations(
                        PRODUCER_ID_EXPIRATION_MS, TRANSACTIONAL_ID_EXPIRATION_MS)));
    }

    void close() throws IOException {
        broker.close();
    }

    /** The next storage call but so many is the last one. */
    void crashAfter(int calls) {
        crashCall = disk.calls() + calls;
        disk.crashAtCall(crashCall);
    }

    /** The next force but so many fails; where power may be lost, it may take what it did not write for written. */
    void failForceAfter(int forces, ForceOutcome outcome) {
        disk.endForces(disk.forces() + forces, 1, outcome);
    }

    /** Whether a force has failed since the directory was opened: it is to be opened again. */
    boolean hasFailed() {
        return disk.failures() > 0;
    }

    /** Whether the medium lacks what the kernel takes for written. */
    boolean hasForgotten() {
        return disk.hasForgotten();
    }

    /** Whether a storage call has been the last: background work survives it, as other threads would for a moment. */
    boolean isDead() {
        return disk.calls() > crashCall || hasFailed();
    }

    /**
     * @throws io.semel.verify.disk.CrashedException after the last storage call
     * @throws FailedForceException                  after a force that failed: what is answered since is no promise's
     *                                               matter
     */
    void requireLiving() {
        disk.usableBytes(DIRECTORY);
        if (hasFailed()) {
            throw new FailedForceException();
        }
    }

    void crash(CrashMode mode) {
        disk = disk.crash(mode);
        crashCall = NEVER;
    }

    void live() {
        disk.heal();
        crashCall = NEVER;
    }
}
