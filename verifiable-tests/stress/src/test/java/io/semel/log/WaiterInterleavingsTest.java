package io.semel.log;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** L7: in every interleaving, a waiter on the list is woken by the next advance. */
public class WaiterInterleavingsTest {
    private static final int WAITERS = 3;

    private final TailWaiters waiters = new TailWaiters();
    private final TailWaiter.Registration[] registrations = new TailWaiter.Registration[WAITERS];

    public WaiterInterleavingsTest() {
        for (int index = 0; index < WAITERS; index++) {
            registrations[index] = new TailWaiter.Registration(() -> {
            });
        }
    }

    @Operation
    public void list(@Param(gen = IntGen.class, conf = "0:2") int waiter) {
        waiters.add(registrations[waiter]);
    }

    @Operation
    public void advance() {
        waiters.wakeAll();
    }

    @Validate
    public void nobodyIsForgotten() {
        waiters.wakeAll();
        for (TailWaiter.Registration each : registrations) {
            if (each.listed.get()) {
                throw new IllegalStateException("believes that it is listed, and no advance finds it");
            }
        }
    }

    @Test
    void nobodyOnTheListIsForgotten() {
        Interleavings.some().check(WaiterInterleavingsTest.class);
    }
}
