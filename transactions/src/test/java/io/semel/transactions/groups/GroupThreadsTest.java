package io.semel.transactions.groups;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import io.semel.transactions.groups.consumer.TopicCatalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Any thread may call: nothing is lost, answered twice or deadlocked between threads. */
class GroupThreadsTest {

    private static final int THREADS = 4;
    private static final int COMMITS = 2_000;

    private final FakeOffsetsLog log = new FakeOffsetsLog();
    private final GroupCoordinator coordinator =
            new GroupCoordinator(log, log.fold, GroupLimits.EMBEDDED, OffsetRetention.DEFAULT, () -> 0,
                    () -> "unused", TopicCatalogue.EMPTY);

    @Test
    void everyThreadsCommitsAreAnsweredOnceAndReadBack() throws InterruptedException {
        AtomicInteger answered = new AtomicInteger();
        ConcurrentLinkedQueue<Throwable> thrown = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int partition = i;
            Thread thread = new Thread(() -> commitInOrder(partition, answered));
            thread.setUncaughtExceptionHandler((unused, error) -> thrown.add(error));
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), List.copyOf(thrown));
        assertEquals(2 * THREADS * COMMITS, answered.get());
        assertEquals(THREADS * COMMITS, log.claimedOffset());
        for (int i = 0; i < THREADS; i++) {
            assertEquals(COMMITS - 1, log.fold.committed("g", "t", i).offset());
        }
    }

    private void commitInOrder(int partition, AtomicInteger answered) {
        for (long offset = 0; offset < COMMITS; offset++) {
            long expected = offset;
            coordinator.commit(new CommitRequest("g", Membership.NOBODY,
                    List.of(OffsetToCommit.of("t", partition, offset))), 0, error -> {
                        assertEquals(GroupError.NONE, error);
                        answered.incrementAndGet();
                    });
            coordinator.fetch("g", List.of(new PartitionName("t", partition)), Stability.REQUIRED, result -> {
                assertEquals(expected, result.offsets().get(0).committed().offset());
                answered.incrementAndGet();
            });
            coordinator.doWork(offset);
        }
    }
}
