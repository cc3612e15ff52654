package io.semel.verify.programs;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

import io.semel.server.inspect.Fields;

/**
 * Sends numbered records, and tells of each that it is about to, and what became of it.
 *
 * <p>Thread rule: one thread; acknowledgements are told by the producer's own.
 */
public final class Producing {
    private static final long FOR_EVER = -1;
    private static final int PERCENT = 100;

    private final Producer<String, String> producer;
    private final String topic;
    private final EventOutput output;
    private final StopSignal stop;
    private final long startNs = System.nanoTime();
    private final AtomicLong acknowledged = new AtomicLong();
    private String prefix = "";
    private int keys;
    private long most = FOR_EVER;
    private long perSecond = FOR_EVER;
    private Interlude interlude = Interlude.NONE;
    private SplittableRandom random = new SplittableRandom();
    private int percentAborted;
    private long sent;

    public Producing(Producer<String, String> producer, String topic, EventOutput output, StopSignal stop) {
        this.producer = producer;
        this.topic = topic;
        this.output = output;
        this.stop = stop;
    }

    /** @param valuePrefix and {@code repeatingKeys}: {@code null} for none */
    public Producing numbered(Integer valuePrefix, Integer repeatingKeys) {
        prefix = valuePrefix == null ? "" : valuePrefix + ".";
        keys = repeatingKeys == null ? 0 : repeatingKeys;
        return this;
    }

    /** @param maxMessages and {@code throughput} per second: -1 for no limit */
    public Producing upTo(long maxMessages, long throughput) {
        most = maxMessages;
        perSecond = throughput;
        return this;
    }

    /** @param percent of transactions, drawn from {@code seed} */
    public Producing aborting(int percent, long seed) {
        percentAborted = percent;
        random = new SplittableRandom(seed);
        return this;
    }

    public Producing disturbedBy(Interlude given) {
        interlude = given;
        return this;
    }

    public long acknowledged() {
        return acknowledged.get();
    }

    /** Whether all that was sent was acknowledged. */
    boolean isGood() {
        return acknowledged.get() == sent;
    }

    public void run() {
        output.print(EventLine.STARTUP_COMPLETE);
        while (goesOn()) {
            send();
        }
        end();
    }

    public void runInTransactionsOf(int size) {
        producer.initTransactions();
        output.print(EventLine.STARTUP_COMPLETE);
        while (goesOn()) {
            producer.beginTransaction();
            output.print(EventLine.TRANSACTION_BEGUN);
            for (int count = 0; count < size && goesOn(); count++) {
                send();
            }
            // Every acknowledgement is told before the commit is asked for.
            producer.flush();
            if (random.nextInt(PERCENT) < percentAborted) {
                producer.abortTransaction();
                output.print(EventLine.TRANSACTION_ABORTED);
            } else {
                output.print(EventLine.TRANSACTION_COMMITTING);
                producer.commitTransaction();
                output.print(EventLine.TRANSACTION_COMMITTED);
            }
        }
        end();
    }

    private boolean goesOn() {
        return !stop.isRaised() && (most == FOR_EVER || sent < most);
    }

    private void send() {
        pace();
        String key = keys == 0 ? null : Long.toString(sent % keys);
        String value = prefix + sent++;
        ProducerRecord<String, String> record = new ProducerRecord<>(topic, key, value);
        output.printSendBegun(record);
        try {
            producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    acknowledged.incrementAndGet();
                    output.printSent(key, value, new TopicPartition(metadata.topic(), metadata.partition()), metadata
                            .offset());
                } else {
                    output.printSendError(record, failure);
                }
            });
        } catch (KafkaException e) {
            output.printSendError(record, e);
        }
        interlude.pass();
    }

    private void pace() {
        if (perSecond > 0) {
            long dueNs = startNs + sent * TimeUnit.SECONDS.toNanos(1) / perSecond;
            for (long left = dueNs - System.nanoTime(); left > 0 && !stop.isRaised(); left = dueNs - System
                    .nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
    }

    private void end() {
        producer.close();
        output.print(EventLine.SHUTDOWN_COMPLETE);
        double seconds = (System.nanoTime() - startNs) / (double) TimeUnit.SECONDS.toNanos(1);
        Fields data = output.event(EventLine.TOOL_DATA).with("sent", sent).with("acked", acknowledged.get());
        output.print(data.with("target_throughput", perSecond).with("avg_throughput", acknowledged.get() / seconds));
    }
}
