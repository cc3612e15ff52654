package io.semel.docs;

import java.util.List;
import java.util.regex.Pattern;

import com.tngtech.archunit.core.domain.JavaAccess;

/**
 * A call that no code below `client` makes: there nothing blocks or starts a thread, and time and randomness come in by
 * constructor, so that the same code runs in a one-thread simulator. Immutable.
 *
 * @param owner the class that declares the method, or a superclass of it
 * @param methods the method's name; {@code <init>} is a constructor
 */
record Restless(String owner, Pattern methods) {
    static final List<Restless> CALLS = List.of(
            of("java.lang.Thread", "<init>|start|sleep|join|ofVirtual|ofPlatform|startVirtualThread"),
            of("java.util.concurrent.Executors", ".*"),
            of("java.util.concurrent.ForkJoinPool", ".*"),
            of("java.util.concurrent.ThreadPoolExecutor", ".*"),
            of("java.util.concurrent.CompletableFuture", ".*Async|orTimeout|completeOnTimeout|get|join"),
            of("java.util.Timer", ".*"),
            of("org.agrona.concurrent.AgentRunner", ".*"),

            of("java.util.concurrent.locks.LockSupport", "park.*"),
            of("java.util.concurrent.locks.Condition", "await.*"),
            of("java.lang.Object", "wait"),
            of("java.util.concurrent.CountDownLatch", "await"),
            of("java.util.concurrent.CyclicBarrier", "await"),
            of("java.util.concurrent.Phaser", "await.*|arriveAndAwait.*"),
            of("java.util.concurrent.Semaphore", "acquire.*"),
            of("java.util.concurrent.BlockingQueue", "put|take"),
            of("java.util.concurrent.Future", "get"),
            of("java.util.concurrent.TimeUnit", "sleep|timedJoin|timedWait"),

            of("java.lang.System", "currentTimeMillis|nanoTime"),
            of("java.time.Instant", "now"),
            of("java.time.Clock", "system.*|tick.*"),
            of("org.agrona.concurrent.SystemNanoClock", ".*"),
            of("org.agrona.concurrent.SystemEpochClock", ".*"),
            of("org.agrona.concurrent.SystemEpochNanoClock", ".*"),

            of("java.util.Random", "<init>"),
            of("java.util.SplittableRandom", "<init>"),
            of("java.util.concurrent.ThreadLocalRandom", "current"),
            of("java.lang.Math", "random"),
            of("java.util.UUID", "randomUUID"));

    boolean matches(JavaAccess<?> access) {
        return methods.matcher(access.getName()).matches() && access.getTargetOwner().isAssignableTo(owner);
    }

    private static Restless of(String owner, String methods) {
        return new Restless(owner, Pattern.compile(methods));
    }
}
