package io.semel.transactions.groups;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import io.semel.transactions.groups.FakeOffsetsLog.Pace;
import io.semel.transactions.groups.JoinRequest.FirstJoin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Members that come, go, stall and come back at random, over a log that stalls and restarts; G2 holds throughout. */
class GroupChurnTest {

    private static final int CLIENTS = 6;

    /** What one client knows, which is only what it was told. */
    private static final class Client {
        final String instance;
        String memberId = "";
        Membership membership = Membership.NOBODY;
        JoinResult joined;
        Answer<JoinResult> joining;

        Client(int number) {
            this.instance = number < 2 ? "i" + number : null;
        }
    }

    private static final class Syncing {
        final Client client;
        final JoinResult joined;
        final Answer<SyncResult> answer;

        Syncing(Client client, Answer<SyncResult> answer) {
            this.client = client;
            this.joined = client.joined;
            this.answer = answer;
        }
    }

    private GroupRig rig;
    private List<Client> clients;
    private List<Answer<?>> answers;
    private List<Syncing> syncing;
    private Map<String, String> ownerOfPartitionInGeneration;
    private Map<Integer, Set<String>> membersOfGeneration;
    private Map<Integer, Integer> restartsBeforeGeneration;
    private int restarts;

    @Property(tries = 1_500)
    void oneOwnerPerPartitionPerGenerationAndEveryReplyIsAnsweredOnce(
            @ForAll @Size(max = 80) List<@IntRange(max = 99_999) Integer> steps) {
        start();
        for (int step : steps) {
            step(step % 20, clients.get(step / 20 % CLIENTS), step / 120);
            hear();
        }
        rig.log.isFull = false;
        rig.log.acknowledging = Pace.AT_ONCE;
        rig.log.applying = Pace.AT_ONCE;
        rig.log.applyAll();
        rig.log.acknowledgeAll();
        for (int i = 0; i < 20; i++) {
            rig.pass(GroupRig.REBALANCE_MS);
        }
        hear();
        answers.forEach(answer -> assertTrue(answer.isThere(), "a parked reply was forgotten"));
        assertTrue(rig.state() == GroupState.EMPTY || rig.state() == GroupState.DEAD, "the silent are all gone");
    }

    private void start() {
        rig = new GroupRig();
        clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new Client(i));
        }
        answers = new ArrayList<>();
        syncing = new ArrayList<>();
        ownerOfPartitionInGeneration = new HashMap<>();
        membersOfGeneration = new HashMap<>();
        restartsBeforeGeneration = new HashMap<>();
        restarts = 0;
    }

    private void step(int action, Client client, int more) {
        switch (action) {
            case 0, 1, 2, 3, 4 -> join(client, more);
            case 5, 6, 7, 8, 9 -> sync(client);
            case 10, 11 -> heartbeat(client);
            case 12 -> leave(client);
            case 13 -> answers.add(rig.commit(client.membership, more));
            case 14 -> answers.add(rig.fetch(Stability.REQUIRED));
            case 15 -> rig.pass(10 + more % GroupRig.SESSION_MS);
            case 16 -> rig.pass(GroupRig.SESSION_MS);
            case 17 -> rig.log.isFull = !rig.log.isFull;
            case 18 -> stallOrGoOn();
            default -> restartSometimes(more);
        }
    }

    private void join(Client client, int more) {
        if (client.joining != null && more % 4 != 0) {
            return;
        }
        FirstJoin first = more % 3 == 0 ? FirstJoin.REQUIRE_MEMBER_ID : FirstJoin.ADMIT;
        client.joining = rig.join(GroupRig.request(client.memberId, client.instance, first,
                more % 5 == 0 ? "range:other" : "range"));
        answers.add(client.joining);
    }

    private void sync(Client client) {
        if (client.joined == null) {
            return;
        }
        Map<String, byte[]> assignments = new HashMap<>();
        List<JoinResult.Member> members = client.joined.members();
        for (int i = 0; i < members.size(); i++) {
            assignments.put(members.get(i).memberId(), new byte[] {(byte) i});
        }
        Syncing one = new Syncing(client, rig.sync(client.membership, assignments));
        syncing.add(one);
        answers.add(one.answer);
    }

    private void heartbeat(Client client) {
        forgetIfRefused(client, rig.heartbeat(client.membership));
    }

    private void leave(Client client) {
        rig.coordinator.leave(GroupRig.GROUP, client.memberId, client.instance, rig.nowMs);
        forget(client);
    }

    private void stallOrGoOn() {
        if (rig.log.acknowledging == Pace.AT_ONCE) {
            rig.log.acknowledging = Pace.BY_HAND;
            rig.log.applying = Pace.BY_HAND;
        } else {
            rig.log.acknowledging = Pace.AT_ONCE;
            rig.log.applying = Pace.AT_ONCE;
            rig.log.applyAll();
            rig.log.acknowledgeAll();
            rig.work();
        }
    }

    private void restartSometimes(int more) {
        if (more % 3 == 0) {
            restarts++;
            // The connections are gone with the process, and so are their parked replies.
            answers.removeIf(answer -> !answer.isThere());
            syncing.removeIf(one -> !one.answer.isThere());
            clients.forEach(client -> client.joining = null);
            rig.restart();
        }
    }

    /** Clients look at what was answered, and the rules are checked on what they were told. */
    private void hear() {
        for (Client client : clients) {
            if (client.joining != null && client.joining.isThere()) {
                heardJoin(client, client.joining.get());
            }
        }
        syncing.removeIf(one -> {
            if (one.answer.isThere()) {
                heardSync(one, one.answer.get());
            }
            return one.answer.isThere();
        });
        checkSeats();
    }

    private void heardJoin(Client client, JoinResult result) {
        client.joining = null;
        if (result.error() == GroupError.MEMBER_ID_REQUIRED) {
            client.memberId = result.memberId();
        } else if (result.error() == GroupError.NONE) {
            int generation = result.generation();
            boolean isOlder = client.membership.memberId().equals(result.memberId())
                    && generation < client.membership.generation();
            assertFalse(isOlder, "a generation went back");
            Integer before = restartsBeforeGeneration.putIfAbsent(generation, restarts);
            assertTrue(before == null || before == restarts, "a generation was used again after a restart");
            restartsBeforeGeneration.keySet().forEach(other -> assertTrue(
                    restartsBeforeGeneration.get(other) == restarts || other < generation, "a generation went back"));
            if (!result.members().isEmpty()) {
                Set<String> seats = new HashSet<>();
                result.members().forEach(member -> seats.add(identity(member.memberId(), member.groupInstanceId())));
                Set<String> toldBefore = membersOfGeneration.putIfAbsent(generation, seats);
                assertTrue(toldBefore == null || toldBefore.equals(seats), "a generation has one set of members");
            }
            client.memberId = result.memberId();
            client.membership = new Membership(result.memberId(), client.instance, generation);
            client.joined = result;
        } else {
            forgetIfRefused(client, result.error());
        }
    }

    private void heardSync(Syncing one, SyncResult result) {
        if (result.error() != GroupError.NONE || result.assignment().length == 0) {
            forgetIfRefused(one.client, result.error());
            return;
        }
        String slot = one.joined.generation() + "/" + result.assignment()[0];
        String owner = identity(one.joined.memberId(), one.client.instance);
        String other = ownerOfPartitionInGeneration.put(slot, owner);
        assertTrue(other == null || other.equals(owner), () -> slot + " owned by " + other + " and " + owner);
    }

    /** While a generation stands, only its members have seats. */
    private void checkSeats() {
        GroupDescription group = rig.coordinator.describe(GroupRig.GROUP);
        Set<String> told = membersOfGeneration.get(group.generation());
        boolean stands = group.state() == GroupState.STABLE || group.state() == GroupState.COMPLETING_REBALANCE;
        if (stands && told != null) {
            group.members().forEach(member -> assertTrue(
                    told.contains(identity(member.memberId(), member.groupInstanceId()))));
        }
        if (group.state() == GroupState.EMPTY) {
            assertEquals(List.of(), group.members());
        }
        if (group.state() == GroupState.DEAD) {
            assertNull(told);
        }
    }

    private static String identity(String memberId, String instance) {
        return instance == null ? memberId : instance;
    }

    private static void forgetIfRefused(Client client, GroupError error) {
        if (error == GroupError.UNKNOWN_MEMBER_ID || error == GroupError.FENCED_INSTANCE_ID) {
            forget(client);
        }
    }

    private static void forget(Client client) {
        client.memberId = "";
        client.membership = Membership.NOBODY;
        client.joined = null;
    }
}
