package io.semel.client.producer;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread between a producer's callers and the partitions: takes records in the order in which they were put,
 * spreads them over the lanes, works the lanes, and carries out one command at a time. While a command is under way
 * nothing is taken: a command is a line between what was sent before and after it. Their time runs all the same.
 *
 * <p>Thread rule: {@link #start}, {@link #end} and {@link #join} by any thread; everything else is the thread itself.
 */
final class Sender {
    private static final Logger LOGGER = LoggerFactory.getLogger(Sender.class);

    /** Taken between two looks at the lanes, so that acknowledged records are reported while others pour in. */
    private static final int TAKEN_PER_ROUND = 1024;

    /** Some microseconds: shorter than falling asleep and being woken. */
    private static final int SPINS = 200;
    private static final int YIELDS = 20;
    private static final long FIRST_NAP_NS = 1_000;
    private static final long LONGEST_NAP_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final SendQueue queue;
    private final Lanes lanes;
    private final Deliveries deliveries;
    private final TransactionGate gate;
    private final Cut whenEmptied;
    private final Thread thread;
    private Runnable lastAct;
    private Command command;
    private int idleRounds;
    private long napNs = FIRST_NAP_NS;
    /** Why the thread ends, or must end; null while it is to go on. */
    private volatile KafkaException ending;

    Sender(ProducerSettings settings, SendQueue queue, Lanes lanes, Deliveries deliveries, TransactionGate gate) {
        this.queue = queue;
        this.lanes = lanes;
        this.deliveries = deliveries;
        this.gate = gate;
        this.whenEmptied = settings.lingerNs == 0 ? Cut.NOW : Cut.WHEN_DUE;
        this.thread = new Thread(this::run, "semel-producer-" + settings.clientId);
        thread.setDaemon(true);
    }

    /** @param last what the thread does as its last act */
    void start(Runnable last) {
        lastAct = last;
        queue.bind(thread);
        thread.start();
    }

    /** Ends the thread at once; whatever is not settled then fails with {@code why}. */
    void end(KafkaException why) {
        ending = why;
        queue.hasten();
    }

    /** Waits for the thread's end; false when it still runs. */
    boolean join(long timeoutMs) throws InterruptedException {
        if (timeoutMs > 0) {
            thread.join(timeoutMs);
        }
        return !thread.isAlive();
    }

    private void run() {
        try {
            while (ending == null) {
                idle(round());
            }
        } catch (RuntimeException | Error e) {
            LOGGER.error("{} failed and ends; what it held fails with it", thread.getName(), e);
            ending = new KafkaException("the producer's sender thread failed; close this producer and open another", e);
            gate.fatal(ending);
        }
        settleTheRest();
    }

    private int round() {
        long nowNs = System.nanoTime();
        // Taken before the queue is emptied: what was put before the haste is then in the lanes.
        boolean isHurried = queue.takeHaste();
        int taken = takeRecords();
        boolean isEmptied = taken < TAKEN_PER_ROUND;
        if (isHurried && !isEmptied) {
            queue.hasten();
        }
        Cut cut = isEmptied && isHurried || command != null && command.cutsBatches() ? Cut.NOW
                : isEmptied ? whenEmptied : Cut.WHEN_DUE;
        return taken + lanes.work(nowNs, cut) + stepCommand();
    }

    private int takeRecords() {
        int taken = 0;
        while (command == null && taken < TAKEN_PER_ROUND) {
            Enqueued item = queue.take();
            if (item == null) {
                return taken;
            }
            taken++;
            if (item instanceof Command next) {
                command = next;
            } else {
                accept((PendingRecord) item);
            }
        }
        return taken;
    }

    private void accept(PendingRecord record) {
        if (gate.admits(record.transaction())) {
            lanes.add(record);
        } else {
            deliveries.refuse(record, gate.refusal());
        }
    }

    private int stepCommand() {
        if (command == null || !command.step()) {
            return 0;
        }
        command = null;
        return 1;
    }

    private void idle(int done) {
        if (done > 0) {
            idleRounds = 0;
            napNs = FIRST_NAP_NS;
            return;
        }
        idleRounds++;
        if (idleRounds <= SPINS) {
            Thread.onSpinWait();
            return;
        }
        long waitNs = command != null ? Lane.SOON : lanes.waitNs(System.nanoTime());
        if (waitNs != Lane.SOON) {
            queue.sleep(waitNs);
        } else if (idleRounds <= SPINS + YIELDS) {
            Thread.yield();
        } else {
            LockSupport.parkNanos(napNs);
            Thread.interrupted();
            napNs = Math.min(napNs * 2, LONGEST_NAP_NS);
        }
    }

    private void settleTheRest() {
        KafkaException why = ending;
        lanes.dropAll(why);
        if (command != null) {
            command.fail(why);
        }
        queue.end(item -> refuse(item, why));
        try {
            lastAct.run();
        } catch (RuntimeException e) {
            LOGGER.error("{} could not give back what it held", thread.getName(), e);
        }
    }

    private void refuse(Enqueued item, KafkaException why) {
        if (item instanceof PendingRecord record) {
            deliveries.refuse(record, why);
        } else {
            ((Command) item).fail(why);
        }
    }

    /** What the sender thread does last when it is closed in order. */
    boolean finish(KafkaException closed) {
        ending = closed;
        return true;
    }
}
