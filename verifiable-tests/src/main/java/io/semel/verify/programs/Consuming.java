package io.semel.verify.programs;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/** One member of a group that prints what it is given. Thread rule: one thread. */
final class Consuming {
    enum Commit {
        /** After each poll was printed. */
        EACH_POLL,
        /** The client commits by itself: before the hand-over or now and then, as its semantics have it. */
        BY_THE_CLIENT
    }

    /** How long a stop may wait for a poll. */
    private static final Duration POLL = Duration.ofMillis(100);

    private static final long NEVER = -1;

    private final Consumer<String, String> consumer;
    private final EventOutput output;
    private final Consumption consumption;
    private final StopSignal stop;
    private final Commit commit;

    Consuming(Consumer<String, String> consumer, EventOutput output, Consumption consumption, StopSignal stop,
            Commit commit) {
        this.consumer = consumer;
        this.output = output;
        this.consumption = consumption;
        this.stop = stop;
        this.commit = commit;
    }

    void run(String topic, String group, long maxMessages, long idleMs) {
        output.print(output.event(EventLine.STARTUP_COMPLETE).with(EventLine.GROUP, group));
        consumer.subscribe(List.of(topic), consumption);
        long consumed = 0;
        long lastNs = System.nanoTime();
        while (!stop.isRaised() && (maxMessages == NEVER || consumed < maxMessages)) {
            ConsumerRecords<String, String> records = consumer.poll(POLL);
            if (records.isEmpty()) {
                if (idleMs != NEVER && System.nanoTime() - lastNs > TimeUnit.MILLISECONDS.toNanos(idleMs)) {
                    return;
                }
                continue;
            }
            lastNs = System.nanoTime();
            consumed += records.count();
            consumption.print(records);
            if (commit == Commit.EACH_POLL) {
                PollCommit.commit(consumer, records, output);
            }
        }
    }
}
