package io.semel.verify.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.semel.transactions.groups.CommitRequest;
import io.semel.transactions.groups.FetchedOffset;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.JoinRequest;
import io.semel.transactions.groups.JoinResult;
import io.semel.transactions.groups.Membership;
import io.semel.transactions.groups.OffsetToCommit;
import io.semel.transactions.groups.PartitionName;
import io.semel.transactions.groups.Stability;
import io.semel.transactions.groups.SyncRequest;
import io.semel.transactions.partition.Partition;

/**
 * The groups of a life: members that come and go and commit, by themselves and in transactions, late ones among them.
 */
final class Groups {
    /**
     * The second one hands partitions over cooperatively: who has them says so, and gives them up before another gets
     * them.
     */
    private static final List<String> GROUPS = List.of("g0", "g1");
    private static final String COOPERATIVE = GROUPS.get(1);
    private static final int SEATS = 3;
    private static final String TOPIC = "in";
    private static final int PARTITIONS = 4;
    private static final int SESSION_MS = 10_000;
    private static final int REBALANCE_MS = 20_000;

    /** One member as it knows itself. */
    private static final class Seat {
        /** Null for a dynamic member. */
        private final String instanceId;
        private Membership membership = Membership.NOBODY;
        /** What it was in the generation before; a commit of then may be on its way still. */
        private Membership former = Membership.NOBODY;
        private List<JoinResult.Member> toAssign = List.of();
        private boolean left;
        /** What it was told to have, and says to have when it joins a cooperative group. */
        private byte[] owned = {};

        Seat(String instanceId) {
            this.instanceId = instanceId;
        }

        String owner() {
            return ownerOf(instanceId, membership.memberId());
        }
    }

    private static String ownerOf(String instanceId, String memberId) {
        return instanceId == null ? memberId : instanceId;
    }

    private final World world;
    private final Auditor auditor;
    private final Producers producers;
    private final Tape tape;
    private final Map<String, GroupAudit> audits = new HashMap<>();
    private final Map<String, List<Seat>> seats = new HashMap<>();
    /** Answers of a process that is gone say nothing any more. */
    private int lives;
    private long offsets;

    Groups(World world, Auditor auditor, Producers producers, Tape tape) {
        this.world = world;
        this.auditor = auditor;
        this.producers = producers;
        this.tape = tape;
        for (String group : GROUPS) {
            audits.put(group, new GroupAudit(group));
            seats.put(group, List.of(new Seat("static"), new Seat(null), new Seat(null)));
        }
    }

    void take(Step step) {
        GroupAudit audit = audits.get(GROUPS.get(step.where() % GROUPS.size()));
        Seat seat = seats.get(audit.groupId()).get(step.who() % SEATS);
        switch (step.kind()) {
            case JOIN -> {
                if (seat.instanceId != null && step.what() % 3 == 0) {
                    lose(audit, seat);
                }
                List<Seat> joining = among(audit, seat, step.what() / 3);
                joining.forEach(each -> join(audit, each));
                if (step.what() % 5 > 1) {
                    joining.forEach(each -> sync(audit, each, step.what()));
                }
            }
            case SYNC -> among(audit, seat, step.what()).forEach(each -> sync(audit, each, step.what()));
            case BEAT -> tape.note("heartbeat", world.broker().groups().heartbeat(audit.groupId(), seat.membership));
            case LEAVE -> leave(audit, seat);
            case COMMIT_PLAIN -> commit(audit, seat, step.what());
            case STAGE -> stage(audit, seat, step);
            case FETCH -> requireOffsets();
            default -> throw new IllegalStateException(step.toString());
        }
    }

    /**
     * One alone, or all of the group: a generation has shares once all of its members have come, its leader among them.
     */
    private List<Seat> among(GroupAudit audit, Seat seat, int drawn) {
        return drawn % 3 == 0 ? List.of(seat) : seats.get(audit.groupId());
    }

    void died() {
        lives++;
        audits.values().forEach(GroupAudit::died);
        for (List<Seat> members : seats.values()) {
            // They go on and know nothing; what they commit as members of old is refused.
            for (Seat seat : members) {
                seat.left = seat.membership != Membership.NOBODY;
                seat.owned = new byte[0];
            }
        }
    }

    // ---- membership

    /** The member is gone, or comes back and knows nothing: what it had it has no more. */
    private static void lose(GroupAudit audit, Seat seat) {
        seat.left = seat.membership != Membership.NOBODY;
        seat.owned = new byte[0];
        audit.released(seat.owner());
    }

    private static boolean cooperates(GroupAudit audit) {
        return audit.groupId().equals(COOPERATIVE);
    }

    private void join(GroupAudit audit, Seat seat) {
        int life = lives;
        String memberId = seat.left ? "" : seat.membership.memberId();
        JoinRequest request = new JoinRequest(memberId, seat.instanceId, "client", "host", SESSION_MS, REBALANCE_MS,
                "consumer",
                List.of(new JoinRequest.Protocol("assignor", seat.owned.clone())), JoinRequest.FirstJoin.ADMIT);
        world.broker().groups().join(audit.groupId(), request, world.time(), told -> {
            if (life == lives) {
                tape.note(() -> "joined " + audit.groupId() + " as " + told.memberId() + " generation " + told
                        .generation(),
                        told.error());
                joined(audit, seat, told);
            }
        });
    }

    private void joined(GroupAudit audit, Seat seat, JoinResult told) {
        if (told.error() == GroupError.NONE) {
            Membership now = new Membership(told.memberId(), seat.instanceId, told.generation());
            String before = seat.membership.memberId();
            if (seat.instanceId != null && !before.isEmpty() && !before.equals(told.memberId())) {
                audit.replaced(before);
                tape.count(Count.REPLACED);
            } else if (!before.equals(told.memberId())) {
                audit.released(seat.owner());
            }
            audit.joined(told);
            audit.joined(ownerOf(seat.instanceId, told.memberId()), told.generation());
            seat.former = now.equals(seat.membership) ? seat.former : seat.membership;
            seat.membership = now;
            seat.toAssign = told.leaderId().equals(told.memberId()) ? told.members() : List.of();
            seat.left = false;
            tape.count(Count.GENERATIONS);
        } else if (told.error() == GroupError.UNKNOWN_MEMBER_ID || told.error() == GroupError.FENCED_INSTANCE_ID) {
            lose(audit, seat);
        }
    }

    private void sync(GroupAudit audit, Seat seat, int turn) {
        int life = lives;
        Membership asked = seat.membership;
        Map<String, byte[]> assignments = new HashMap<>();
        int members = seat.toAssign.size();
        for (int index = 0; index < members; index++) {
            byte[] share = share((index + turn) % members, members);
            JoinResult.Member member = seat.toAssign.get(index);
            assignments.put(member.memberId(), cooperates(audit) ? free(share, member, seat.toAssign) : share);
        }
        world.broker().groups().sync(audit.groupId(), new SyncRequest(asked, "", "", assignments),
                told -> {
                    if (life == lives) {
                        tape.note(() -> "synced " + asked, told.error());
                        if (told.error() == GroupError.NONE) {
                            audit.assigned(asked.generation(), ownerOf(asked.groupInstanceId(), asked.memberId()),
                                    told.assignment());
                            tape.count(Count.SHARES);
                            take(audit, seat, asked, told.assignment());
                        }
                    }
                });
    }

    private void take(GroupAudit audit, Seat seat, Membership asked, byte[] assignment) {
        if (cooperates(audit) && seat.membership.equals(asked) && !seat.left) {
            audit.handedOver(seat.owner(), asked.generation(), assignment);
            seat.owned = assignment.clone();
            tape.count(Count.HANDED_OVER);
        }
    }

    /**
     * Of its share what nobody else says to have: the others give theirs up first, and it gets them in the next
     * generation.
     */
    private static byte[] free(byte[] share, JoinResult.Member member, List<JoinResult.Member> all) {
        ByteArrayOutputStream free = new ByteArrayOutputStream();
        for (byte partition : share) {
            boolean held = all.stream().anyMatch(each -> !each.memberId().equals(member.memberId()) && new String(each
                    .metadata(), StandardCharsets.ISO_8859_1).indexOf(partition) >= 0);
            if (!held) {
                free.write(partition);
            }
        }
        return free.toByteArray();
    }

    private static byte[] share(int index, int members) {
        List<Byte> own = new ArrayList<>();
        for (int partition = index; partition < PARTITIONS; partition += members) {
            own.add((byte) partition);
        }
        byte[] bytes = new byte[own.size()];
        for (int at = 0; at < bytes.length; at++) {
            bytes[at] = own.get(at);
        }
        return bytes;
    }

    private void leave(GroupAudit audit, Seat seat) {
        GroupError error = world.broker().groups().leave(audit.groupId(), seat.membership.memberId(), seat.instanceId,
                world.time());
        tape.note("leave", error);
        if (error == GroupError.NONE) {
            lose(audit, seat);
        }
    }

    // ---- offsets

    private void commit(GroupAudit audit, Seat seat, int drawn) {
        Membership membership = speaker(seat, drawn / PARTITIONS);
        int partition = drawn % PARTITIONS;
        long offset = ++offsets;
        List<GroupError> answers = new ArrayList<>();
        long before = send(Batch.offset(Batch.NO_PRODUCER, (short) -1, Batch.commit(audit.groupId(), TOPIC, partition,
                offset)), null);
        world.broker().groups().commit(request(audit, membership, partition, offset), world.time(), answers::add);
        world.requireLiving();
        boolean isTaken = taken(before);
        if (!answers.isEmpty()) {
            tape.note(() -> "commit of " + offset + " as " + membership, answers.get(0));
            audit.committed(membership, membership == seat.membership && seat.left, answers.get(0));
            requireTold(isTaken, answers.get(0));
        }
        if (isTaken) {
            tape.count(Count.OFFSETS);
        }
    }

    private static Membership speaker(Seat seat, int drawn) {
        return switch (drawn % 4) {
            case 0 -> seat.former;
            case 1, 2 -> seat.membership;
            default -> Membership.NOBODY;
        };
    }

    private static CommitRequest request(GroupAudit audit, Membership membership, int partition, long offset) {
        return new CommitRequest(audit.groupId(), membership, List.of(OffsetToCommit.of(TOPIC, partition, offset)));
    }

    private long send(Batch batch, Txn txn) {
        auditor.partition(World.OFFSETS).send(batch, txn);
        return offsetsPartition().log().claimedOffset();
    }

    private boolean taken(long before) {
        boolean isTaken = offsetsPartition().log().claimedOffset() > before;
        if (isTaken) {
            auditor.partition(World.OFFSETS).accepted(before);
        } else {
            auditor.partition(World.OFFSETS).takeBack();
        }
        return isTaken;
    }

    private static void requireTold(boolean isTaken, GroupError answer) {
        Auditor.require(isTaken == (answer == GroupError.NONE), "G1", () -> "a commit is " + (isTaken ? "" : "not ")
                + "in the log and is answered with " + answer);
    }

    private Partition offsetsPartition() {
        return world.partition(World.OFFSETS);
    }

    /** TxnOffsetCommit, by the owner of an open transaction. */
    private void stage(GroupAudit audit, Seat seat, Step step) {
        Client client = producers.transactional(step.who());
        if (client == null || !producers.isIn(client)) {
            return;
        }
        Membership membership = speaker(seat, step.what() / PARTITIONS);
        int partition = step.what() % PARTITIONS;
        long offset = ++offsets;
        client.session().touch(offsetsPartition());
        List<GroupError> answers = new ArrayList<>();
        long before = send(Batch.offset(client.producerId(), client.epoch(), Batch.commit(audit.groupId(), TOPIC,
                partition, offset)), client.txn);
        world.broker().groups().commitInTransaction(client.producerId(), client.epoch(), request(audit, membership,
                partition, offset), world.time(), answers::add);
        world.requireLiving();
        boolean isTaken = taken(before);
        GroupError answer = answers.get(0);
        tape.note(() -> client + " stages " + offset + " for " + audit.groupId() + " as " + membership, answer);
        requireTold(isTaken, answer);
        audit.committed(membership, membership == seat.membership && seat.left, answer);
        if (membership == Membership.NOBODY) {
            boolean fenced = answer == GroupError.INVALID_PRODUCER_EPOCH;
            Auditor.require(fenced || answer == GroupError.NONE, "G1", () -> client + " stages and is told " + answer);
            Auditor.require(client.standing != Client.Standing.CURRENT || !fenced, "T6", () -> client
                    + " is current and stages nothing");
        }
        Auditor.require(client.standing != Client.Standing.FENCED || answer != GroupError.NONE, "T6", () -> client
                + " was replaced and stages an offset");
        tape.count(answer == GroupError.NONE ? Count.STAGED : Count.FENCED);
    }

    /** G1: every group's offsets are those whose transactions committed, and what is pending is said to be. */
    void requireOffsets() {
        world.requireLiving();
        PartitionAudit log = auditor.partition(World.OFFSETS);
        List<PartitionName> all = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            all.add(new PartitionName(TOPIC, partition));
        }
        for (String group : GROUPS) {
            for (Stability stability : Stability.values()) {
                world.broker().groups().fetch(group, all, stability, told -> {
                    Auditor.require(told.error() == GroupError.NONE, "G1", () -> "fetch by " + group + ": " + told
                            .error());
                    told.offsets().forEach(line -> require(log, group, stability, line));
                });
            }
        }
    }

    private void require(PartitionAudit log, String group, Stability stability, FetchedOffset line) {
        String key = Batch.key(group, TOPIC, line.partition().partition());
        boolean hides = stability == Stability.REQUIRED && log.isPending(key);
        Auditor.require(hides == (line.error() == GroupError.UNSTABLE_OFFSET_COMMIT), "G1", () -> key + " is " + line
                + " and is " + (hides ? "" : "not ") + "pending");
        long expected = hides ? -1 : log.committed(key);
        Auditor.require(line.committed().offset() == expected, "G1", () -> key + " must be " + expected + " and is "
                + line);
    }
}
