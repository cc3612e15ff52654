package io.semel.verify.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.semel.idempotence.Verdicts;
import io.semel.log.Claim;
import io.semel.log.Durability;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionId;
import io.semel.transactions.partition.PartitionWriter;
import io.semel.transactions.records.TransactionHome;
import io.semel.transactions.records.TransactionIdentity;
import io.semel.transactions.records.TransactionLogKey;
import io.semel.transactions.records.TransactionLogValue;
import io.semel.transactions.records.TransactionStatus;
import io.semel.verify.disk.CrashMode;
import io.semel.verify.disk.CrashedException;
import io.semel.verify.disk.ForceOutcome;
import io.semel.verify.disk.Journal;

/**
 * One life of a directory: takes the steps of its story, dies and comes back, and has the auditor look after every
 * step.
 *
 * <p>Thread rule: one thread.
 */
final class Life {
    /** An id that no block of this directory reaches. */
    private static final long ENDOWED_ID = 1_000_000;
    private static final int EPOCHS_LEFT = 4;
    private static final int SEQUENCE_NEAR_LAST = Integer.MAX_VALUE - 4;

    /** More rounds than anything here waits for. */
    private static final int ROUNDS_TO_SETTLE = 50;

    private final Story story;
    private final Journal journal;
    private final World world;
    private final Auditor auditor = new Auditor();
    private final ProtocolCounts counts = new ProtocolCounts();
    private final Tape tape;
    private final Producers producers;
    private final Groups groups;
    private final Operator operator;

    Life(Story story, Verdicts verdicts, Journal journal) {
        this.story = story;
        this.journal = journal;
        this.world = new World(story.setting(), verdicts);
        this.tape = new Tape(journal, counts);
        this.producers = new Producers(world, auditor, tape);
        this.groups = new Groups(world, auditor, producers, tape);
        this.operator = new Operator(world, auditor, producers, tape);
    }

    ProtocolCounts counts() {
        return counts;
    }

    long hash() {
        return tape.hash();
    }

    /** @throws io.semel.verify.disk.ViolationException if a property does not hold */
    void run() throws IOException {
        journal.note("a directory of " + story.setting());
        world.create();
        operator.makeWhole();
        endow();
        observe();
        for (Step step : story.steps()) {
            tape.note(step);
            counts.add(Count.STEPS, 1);
            take(step);
        }
        world.live();
        settle();
        close();
        groups.requireOffsets();
        counts.add(Count.ENDED, auditor.ended());
    }

    private void take(Step step) throws IOException {
        try {
            switch (step.kind()) {
                case CRASH -> crash(step.what());
                case CRASH_SOON -> world.crashAfter(step.what() % 40);
                case CLOSE -> close();
                case WORK -> work();
                case FLUSH -> flush();
                case FORCE -> world.partition(World.ALL.get(step.where() % World.ALL.size())).helpAcknowledge();
                case PASS -> world.pass(step.what() % 300 * World.TICK_MS);
                case OUTLAST -> world.pass(Producers.LONGEST_TIMEOUT_MS + World.TICK_MS);
                case SILENCE -> silence(12 + step.what() % 14, World.PRODUCER_ID_EXPIRATION_MS / 10);
                case DELETE_RECORDS -> deleteRecords(step);
                case READ -> read(step);
                case FAIL_FORCE -> failForce(step.what());
                case OPERATOR_ABORT -> operator.abort(Producers.TRANSACTIONAL_IDS.get(step.who()
                        % Producers.TRANSACTIONAL_IDS.size()));
                case REPLACE_TOPIC -> operator.replaceTopic(step.who());
                case INIT, INIT_AGAIN, BEGIN, SEND, RESEND, SKIP, OVERLAP, NEVER_HANDED_OUT, COMMIT, ABORT, HELP ->
                    producers
                            .take(step);
                case STAGE, JOIN, SYNC, BEAT, LEAVE, COMMIT_PLAIN, FETCH -> groups.take(step);
            }
            if (world.isDead()) {
                crash(step.what());
            } else {
                observe();
            }
        } catch (CrashedException e) {
            journal.note(e.getMessage());
            counts.add(Count.WITHIN, 1);
            crash(step.what());
        } catch (FailedForceException e) {
            crash(step.what());
        } catch (IOException e) {
            if (!world.hasFailed()) {
                throw e;
            }
            journal.note(e.getMessage());
            crash(step.what());
        }
    }

    /** L5: sooner or later. Only a loss of power shows what the kernel forgot. */
    private void failForce(int drawn) {
        boolean forgets = story.setting().durability() == Durability.POWER && drawn % 2 == 0;
        world.failForceAfter(drawn / 2 % 8, forgets ? ForceOutcome.FAILS_AND_FORGETS : ForceOutcome.FAILS);
    }

    private void observe() {
        for (PartitionId id : World.ALL) {
            auditor.partition(id).observe(world.partition(id));
        }
    }

    // ---- background

    private void work() {
        counts.add(Count.TIMED_OUT, auditor.sweep(world.time()));
        tape.note("work", world.broker().doWork());
        if (!world.isDead()) {
            observe();
            auditor.swept(world.time(), story.setting().durability() == Durability.PROCESS);
        }
    }

    /** Nobody says anything for long enough to be looked at again and again; what was forgotten is counted. */
    private void silence(int looks, long stepMs) {
        int before = world.broker().producerIds().knownCount();
        for (int look = 0; look < looks && !world.isDead(); look++) {
            world.pass(stepMs);
            work();
            if (!world.isDead() && look % 3 == 0) {
                flush();
            }
        }
        counts.add(Count.FORGOTTEN, Math.max(0, before - world.broker().producerIds().knownCount()));
    }

    /** I4: dead ids make room, all of them, once nothing is open. */
    private void outliveAll() {
        silence(14, World.TRANSACTIONAL_ID_EXPIRATION_MS / 5);
        Auditor.require(world.broker().producerIds().knownCount() == 0, "I4", () -> world.broker().producerIds()
                .knownCount()
                + " producer ids are known still, and nobody has used any for long");
        Auditor.require(world.broker().transactions().operator().list().isEmpty(), "I4",
                "transactional ids are known still, and nobody has used any for long");
    }

    private void flush() {
        tape.note("flush", world.broker().flush());
    }

    /**
     * T8: once nobody crashes any more everything that was asked for is done, and what was left open ends by its
     * timeout.
     */
    private void settle() throws IOException {
        if (world.isDead()) {
            crash(0);
        }
        rest();
        world.pass(Producers.LONGEST_TIMEOUT_MS + World.TICK_MS);
        rest();
        auditor.requireAllEnded();
        for (PartitionId id : World.ALL) {
            Partition partition = world.partition(id);
            Auditor.require(partition.stableOffset() == partition.log().frontierOffset(), "T8",
                    () -> "a committed reader never gets to the end of " + partition);
        }
        groups.requireOffsets();
        outliveAll();
    }

    private void rest() {
        int done = 1;
        for (int round = 0; done > 0; round++) {
            Auditor.require(round < ROUNDS_TO_SETTLE, "T8", "background work never ends");
            // What waits for the disk is looked at again by the next sweep.
            world.pass(World.TICK_MS);
            for (PartitionId id : World.ALL) {
                world.partition(id).helpAcknowledge();
            }
            work();
            done = world.broker().doWork() + world.broker().flush() + producers.goOn();
            observe();
        }
    }

    // ---- crashes

    private void crash(int drawn) throws IOException {
        boolean losesPower = story.setting().durability() == Durability.POWER && (drawn % 2 == 0 || world
                .hasForgotten());
        if (world.hasFailed()) {
            standStill();
        }
        dies();
        die(losesPower ? CrashMode.POWER : CrashMode.PROCESS);
        int within = drawn / 2 % 120;
        if (drawn / 240 % 3 == 0) {
            world.crashAfter(within);
        }
        boolean opened = false;
        while (!opened) {
            try {
                world.open();
                opened = !world.isDead();
            } catch (CrashedException e) {
                journal.note(e.getMessage() + ", while it is opened");
            }
            if (!opened) {
                counts.add(Count.IN_RECOVERY, 1);
                die(losesPower ? CrashMode.POWER : CrashMode.PROCESS);
            }
        }
        world.live();
        reopened();
    }

    /**
     * L5: what failed takes nothing more, and shows and acknowledges nothing more, however well the disk is again. What
     * was acknowledged by then is, when the directory is opened again.
     */
    private void standStill() {
        journal.note("a force failed");
        counts.add(Count.FAILED_FORCES, 1);
        world.live();
        List<Partition> failed = World.ALL.stream().filter(world::has).map(world::partition).filter(each -> each.log()
                .failure() != null).toList();
        List<Long> before = marks(failed);
        for (Partition partition : failed) {
            long code = partition.openWriter().append(tape.encode(world.time(), new byte[0], new byte[1]));
            Auditor.require(code < 0, "L5", () -> partition + " failed, and takes a batch at " + code);
            partition.helpAcknowledge();
        }
        world.broker().doWork();
        world.broker().flush();
        Auditor.require(before.equals(marks(failed)), "L5", () -> "acknowledged and readable up to " + before
                + " when a force failed, and then " + failed);
        for (PartitionId id : World.ALL) {
            if (world.has(id)) {
                auditor.partition(id).acknowledged(world.partition(id).acknowledgedOffset());
            }
        }
    }

    private static List<Long> marks(List<Partition> partitions) {
        return partitions.stream().flatMap(each -> Stream.of(each.acknowledgedOffset(), each.readableOffset(), each
                .stableOffset())).toList();
    }

    private void die(CrashMode mode) {
        journal.note("crash of " + mode);
        counts.add(mode == CrashMode.POWER ? Count.POWER_LOSSES : Count.KILLS, 1);
        world.crash(mode);
    }

    private void dies() {
        auditor.died(world.broker().producerIds()::isBuried);
    }

    private void close() throws IOException {
        dies();
        world.close();
        if (!world.isDead()) {
            counts.add(Count.CLOSES, 1);
            world.open();
            reopened();
        }
    }

    private void reopened() throws IOException {
        producers.died();
        groups.died();
        auditor.forgetBranches();
        operator.makeWhole();
        List<Txn> losers = new ArrayList<>();
        for (PartitionId id : World.ALL) {
            losers.addAll(auditor.partition(id).reconcile(world.partition(id), auditor.lifetimes()::lost));
            tape.note(() -> "opened, end of " + id, auditor.partition(id).end());
        }
        auditor.requireUncommitted(losers);
        observe();
        producers.requireAlive();
        groups.requireOffsets();
    }

    // ---- what a life may find, and readers

    /** I5: what takes years is there before the life begins, as the log's own recovery would have found it. */
    private void endow() throws IOException {
        if (story.setting().nearLastEpoch()) {
            String name = Producers.TRANSACTIONAL_IDS.get(0);
            int epoch = Short.MAX_VALUE - 1 - EPOCHS_LEFT;
            TransactionLogValue value = new TransactionLogValue(TransactionIdentity.of(ENDOWED_ID, (short) epoch),
                    Producers.LONGEST_TIMEOUT_MS, TransactionStatus.EMPTY, List.of(), world.time(),
                    TransactionLogValue.NO_TIMESTAMP, TransactionHome.EMBEDDED, TransactionLogValue.NO_FIRST_OFFSETS);
            PartitionWriter writer = world.broker().partition(Broker.TRANSACTIONS_TOPIC, 0).openWriter();
            writer.append(tape.encode(world.time(), bytes(new TransactionLogKey(name).encode()), bytes(value
                    .encode())));
            auditor.endowed(name, ENDOWED_ID, epoch);
            world.close();
            world.open();
        }
        if (story.setting().nearLastSequence()) {
            Client client = producers.idempotent(0);
            PartitionId id = World.DATA.get(0);
            Batch batch = Batch.data(client.producerId(), client.epoch(), SEQUENCE_NEAR_LAST, false, List.of(
                    "the last of many"));
            auditor.partition(id).send(batch, null);
            long offset = world.partition(id).log().append(new Claim(), tape.encode(world.time(), batch));
            auditor.partition(id).accepted(offset);
            client.accepted(id, batch);
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private void deleteRecords(Step step) throws IOException {
        PartitionId id = World.DATA.get(step.where() % World.DATA.size());
        PartitionAudit audit = auditor.partition(id);
        audit.startAt(world.broker().deleteRecords(id.topic(), id.partition(), Broker.TO_THE_END));
        tape.note("deleted below", audit.start());
    }

    /** T9: from any offset. */
    private void read(Step step) {
        PartitionId id = World.ALL.get(step.where() % World.ALL.size());
        auditor.partition(id).checkReaders(world.partition(id), step.what() % (auditor.partition(id).end() + 2));
    }
}
