package io.semel.verify.history;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A broker that can't be wrong, and clients that do what clients do, one step after the other: senders outside of
 * transactions, members of a group that copy in transactions and die, and an observer that polls everything. What they
 * tell is a history that exactly once allows.
 */
final class ModelLog {
    static final String OBSERVER = "observer";
    private static final String GROUP = "g";
    private static final int PARTITIONS = 3;
    private static final int MEMBERS = 2;
    private static final int MAX_POLLED = 4;

    /** What a member does last of what it may do in a transaction that can't be committed. */
    private static final int ABORT = 6;

    private enum State {
        OPEN, VISIBLE, DEAD
    }

    /** @param state of the transaction that it is of, or its own; markers are dead */
    private record Stored(String value, State[] state) {
    }

    private final class Partition {
        final String name;
        final List<Stored> records = new ArrayList<>();
        int committed;
        int owner;

        Partition(String name, int owner) {
            this.name = name;
            this.owner = owner;
        }

        int append(String value, State[] state) {
            records.add(new Stored(value, state));
            return records.size() - 1;
        }

        int stable() {
            int offset = 0;
            while (offset < records.size() && records.get(offset).state()[0] != State.OPEN) {
                offset++;
            }
            return offset;
        }
    }

    /** One that copies. Its positions are the group's until a transaction is begun. */
    private final class Member {
        final int index;
        int incarnation;
        String name;
        State[] transaction;
        /** Of a send of the open transaction nobody knows whether it was written, so that it can't be committed. */
        boolean hasUnknownSend;
        final int[] positions = new int[PARTITIONS];
        final Set<Partition> touched = new HashSet<>();

        Member(int index) {
            this.index = index;
            join();
        }

        void join() {
            name = "member-" + index + "." + incarnation++;
            events.add(Event.subscribed(name, GROUP));
        }

        void begin() {
            transaction = new State[] {State.OPEN};
            hasUnknownSend = false;
            touched.clear();
            for (int at = 0; at < PARTITIONS; at++) {
                positions[at] = partitions.get(at).committed;
            }
            events.add(Event.begun(name));
        }

        void end(State as) {
            transaction[0] = as;
            touched.forEach(partition -> partition.append("marker", new State[] {State.DEAD}));
            for (int at = 0; at < PARTITIONS && as == State.VISIBLE; at++) {
                if (partitions.get(at).owner == index) {
                    partitions.get(at).committed = positions[at];
                }
            }
            transaction = null;
        }
    }

    private final Random random;
    private final List<Event> events = new ArrayList<>();
    private final List<Partition> partitions = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();
    private final int[] observed = new int[PARTITIONS];
    private int values;

    private ModelLog(Random random) {
        this.random = random;
        for (int index = 0; index < PARTITIONS; index++) {
            partitions.add(new Partition("t-" + index, index % MEMBERS));
        }
        for (int index = 0; index < MEMBERS; index++) {
            members.add(new Member(index));
        }
    }

    /** All that was told in {@code steps} steps, and until everybody had everything. */
    static List<Event> history(long seed, int steps) {
        ModelLog log = new ModelLog(new Random(seed));
        for (int step = 0; step < steps; step++) {
            log.step();
        }
        log.finish();
        return log.events;
    }

    private void step() {
        switch (random.nextInt(8)) {
            case 0, 1 -> send("sender-" + random.nextInt(2), new State[] {State.VISIBLE}, null);
            case 2 -> observe();
            case 3 -> rebalance();
            default -> work(members.get(random.nextInt(MEMBERS)));
        }
    }

    private void send(String process, State[] state, Member member) {
        Partition partition = partitions.get(random.nextInt(PARTITIONS));
        String value = "v" + values++;
        events.add(Event.sendBegun(process, partition.name, value));
        int course = random.nextInt(10);
        if (course == 0) {
            events.add(Event.sendFailed(process, partition.name, value));
            return;
        }
        boolean isWritten = course != 1;
        int offset = isWritten ? partition.append(value, state) : 0;
        if (member != null && isWritten) {
            member.touched.add(partition);
        }
        if (course <= 2) {
            events.add(Event.sendUnknown(process, partition.name, value));
            if (member != null) {
                member.hasUnknownSend = true;
            }
        } else {
            events.add(Event.sent(process, partition.name, offset, value));
        }
    }

    private void work(Member member) {
        if (member.transaction == null) {
            member.begin();
            return;
        }
        int course = random.nextInt(10);
        switch (member.hasUnknownSend ? Math.min(course, ABORT) : course) {
            case 0, 1, 2 -> send(member.name, member.transaction, member);
            case 3, 4, 5 -> poll(member);
            case ABORT -> {
                member.end(State.DEAD);
                events.add(Event.aborted(member.name));
            }
            case 7 -> {
                member.end(random.nextBoolean() ? State.VISIBLE : State.DEAD);
                events.add(random.nextBoolean() ? Event.crashed(member.name) : Event.outcomeUnknown(member.name));
                member.join();
            }
            default -> {
                member.end(State.VISIBLE);
                events.add(Event.committed(member.name));
            }
        }
    }

    private void poll(Member member) {
        List<Entry> entries = new ArrayList<>();
        for (int index = 0; index < PARTITIONS; index++) {
            if (partitions.get(index).owner == member.index) {
                member.positions[index] = read(index, member.positions[index], entries);
            }
        }
        events.add(Event.polled(member.name, entries));
    }

    private void observe() {
        List<Entry> entries = new ArrayList<>();
        for (int index = 0; index < PARTITIONS; index++) {
            observed[index] = read(index, observed[index], entries);
        }
        events.add(Event.polled(OBSERVER, entries));
    }

    /** Committed records from {@code offset} on; returns where to go on. */
    private int read(int index, int offset, List<Entry> into) {
        Partition partition = partitions.get(index);
        int end = Math.min(partition.stable(), offset + random.nextInt(MAX_POLLED + 1));
        for (int at = offset; at < end; at++) {
            if (partition.records.get(at).state()[0] == State.VISIBLE) {
                into.add(new Entry(partition.name, at, partition.records.get(at).value()));
            }
        }
        return Math.max(offset, end);
    }

    /** Who is in the middle of a transaction is fenced by the new generation, and aborts. */
    private void rebalance() {
        for (Member member : members) {
            if (member.transaction != null) {
                member.end(State.DEAD);
                events.add(Event.aborted(member.name));
            }
        }
        Partition moved = partitions.get(random.nextInt(PARTITIONS));
        moved.owner = (moved.owner + 1) % MEMBERS;
        members.forEach(member -> events.add(Event.rebalanced(member.name, moved.name)));
    }

    private void finish() {
        rebalance();
        while (!isObserved()) {
            observe();
        }
        while (!isConsumed()) {
            for (Member member : members) {
                member.begin();
                poll(member);
                member.end(State.VISIBLE);
                events.add(Event.committed(member.name));
            }
        }
    }

    private boolean isObserved() {
        for (int index = 0; index < PARTITIONS; index++) {
            if (observed[index] < partitions.get(index).records.size()) {
                return false;
            }
        }
        return true;
    }

    private boolean isConsumed() {
        return partitions.stream().allMatch(partition -> partition.committed >= partition.records.size());
    }
}
