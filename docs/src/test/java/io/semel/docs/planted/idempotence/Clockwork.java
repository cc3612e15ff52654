package io.semel.docs.planted.idempotence;

import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** Planted: everything that does not belong below client, one method each. */
final class Clockwork {
    private final LongSupplier clock = System::nanoTime;

    Thread thread() {
        return new Thread(() -> {});
    }

    Object executor() {
        return Executors.newCachedThreadPool();
    }

    void sleep() throws InterruptedException {
        Thread.sleep(1);
    }

    void park() {
        LockSupport.parkNanos(1);
    }

    synchronized void waitForIt() throws InterruptedException {
        wait();
    }

    long wallClock() {
        return System.currentTimeMillis() + clock.getAsLong();
    }

    Runnable lambda() {
        return () -> new Random().nextInt();
    }

    static final class Worker extends Thread {}
}
