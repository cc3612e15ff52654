package io.semel.client.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.agrona.concurrent.SystemEpochClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.memory.FileDisk;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.BrokerContext;
import io.semel.transactions.groups.GroupCoordinator;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.JoinRequest;
import io.semel.transactions.groups.JoinResult;
import io.semel.transactions.groups.Membership;
import io.semel.transactions.groups.SyncRequest;
import io.semel.transactions.groups.SyncResult;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class ConductorTest {
    private static final int SESSION_MS = 10_000;

    @TempDir
    Path directory;

    @Test
    void dutyThatEndsInAnErrorIsSteppedAgainAndStopsNoOther() throws IOException, InterruptedException {
        BrokerContext context = new BrokerContext(FileDisk.instance(), SystemEpochClock.INSTANCE, UUID::randomUUID);
        CountDownLatch failed = new CountDownLatch(2);
        CountDownLatch others = new CountDownLatch(2);
        try (Broker broker = Broker.open(directory, context);
                Conductor conductor = Conductor.start(broker,
                        new CoarseClock(SystemEpochClock.INSTANCE))) {
            conductor.add(() -> {
                failed.countDown();
                throw new StackOverflowError("made up");
            });
            conductor.add(() -> {
                others.countDown();
                return 0;
            });
            assertTrue(failed.await(60, TimeUnit.SECONDS));
            assertTrue(others.await(60, TimeUnit.SECONDS));
        }
    }

    /**
     * Before each round the whole process stood still for longer than a session lasts: for a collection of garbage,
     * say.
     */
    @Test
    void pauseOfTheProcessTakesNoSeatFromAMemberWhoseThreadLives() throws IOException, InterruptedException {
        AtomicLong nowMs = new AtomicLong(1_000_000);
        AtomicLong pauseMs = new AtomicLong();
        Set<GroupError> answers = ConcurrentHashMap.newKeySet();
        CountDownLatch beats = new CountDownLatch(50);
        BrokerContext context = new BrokerContext(FileDisk.instance(), nowMs::get, UUID::randomUUID);
        try (Broker broker = Broker.open(directory, context)) {
            GroupCoordinator groups = broker.groups();
            Membership member = seat(groups, nowMs);
            try (Conductor conductor = Conductor.start(broker, new CoarseClock(() -> nowMs.addAndGet(pauseMs.get())))) {
                conductor.add(() -> {
                    answers.add(groups.heartbeat("g", member));
                    pauseMs.set(6L * SESSION_MS);
                    beats.countDown();
                    return 0;
                });
                assertTrue(beats.await(60, TimeUnit.SECONDS));
            }
        }
        assertEquals(Set.of(GroupError.NONE), answers);
    }

    private static Membership seat(GroupCoordinator groups, AtomicLong nowMs) {
        AtomicReference<JoinResult> joined = new AtomicReference<>();
        groups.join("g", new JoinRequest("", null, "client", "host", SESSION_MS, SESSION_MS, "consumer", List.of(
                new JoinRequest.Protocol("range", new byte[0])), JoinRequest.FirstJoin.ADMIT), nowMs.get(),
                joined::set);
        while (joined.get() == null) {
            groups.doWork(nowMs.incrementAndGet());
        }
        Membership member = new Membership(joined.get().memberId(), null, joined.get().generation());
        AtomicReference<SyncResult> synced = new AtomicReference<>();
        groups.sync("g", new SyncRequest(member, "consumer", "range", Map.of(member.memberId(), new byte[0])),
                synced::set);
        while (synced.get() == null) {
            groups.doWork(nowMs.incrementAndGet());
        }
        assertEquals(GroupError.NONE, synced.get().error());
        return member;
    }
}
