package io.semel.client.runtime;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.agrona.concurrent.EpochClock;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.PartitionOfflineException;
import io.semel.transactions.broker.Topic;
import io.semel.transactions.broker.UnknownTopicException;
import io.semel.transactions.partition.Partition;

/**
 * An open directory as its clients see it: the broker, the clock, the conductor, and the clients that must be closed
 * before it.
 *
 * <p>Thread rule: any thread.
 */
public final class ClientRuntime implements AutoCloseable {
    private final Broker broker;
    private final EpochClock clock;
    private final CoarseClock coarseClock;
    private final Conductor conductor;
    private final Set<AutoCloseable> clients = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private ClientRuntime(Broker broker, EpochClock clock, CoarseClock coarseClock, Conductor conductor) {
        this.broker = broker;
        this.clock = clock;
        this.coarseClock = coarseClock;
        this.conductor = conductor;
    }

    public static ClientRuntime start(Broker broker, EpochClock clock) {
        CoarseClock coarse = new CoarseClock(clock);
        return new ClientRuntime(broker, clock, coarse, Conductor.start(broker, coarse));
    }

    public Broker broker() {
        return broker;
    }

    /** Milliseconds since the epoch. */
    public EpochClock clock() {
        return clock;
    }

    /** The same, some milliseconds behind, at the price of a read: for time stamps on hot paths. */
    public EpochClock coarseClock() {
        return coarseClock;
    }

    /** Has the conductor step {@code duty} until it is removed. */
    public void addDuty(Duty duty) {
        conductor.add(duty);
    }

    public void removeDuty(Duty duty) {
        conductor.remove(duty);
    }

    /** Notes a client, which {@link #close()} closes if its owner has not. */
    public <C extends AutoCloseable> C register(C client) {
        requireOpen();
        clients.add(client);
        return client;
    }

    public void unregister(AutoCloseable client) {
        clients.remove(client);
    }

    public void requireOpen() {
        if (closed) {
            throw new IllegalStateException("closed: " + broker.path());
        }
    }

    /** @throws UnknownTopicOrPartitionException when there is none */
    public Topic topic(String name) {
        requireOpen();
        try {
            return broker.topic(name);
        } catch (UnknownTopicException e) {
            throw new UnknownTopicOrPartitionException(e.getMessage(), e);
        }
    }

    /**
     * @throws UnknownTopicOrPartitionException when there is none
     * @throws KafkaStorageException            when it is offline
     */
    public Partition partition(String topic, int partition) {
        requireOpen();
        try {
            return broker.partition(topic, partition);
        } catch (UnknownTopicException e) {
            throw new UnknownTopicOrPartitionException(e.getMessage(), e);
        } catch (PartitionOfflineException e) {
            throw KafkaErrors.offline(e);
        }
    }

    /**
     * The partition, for whoever wants to write to it.
     *
     * @throws UnknownTopicOrPartitionException when there is none
     * @throws InvalidTopicException            when the topic is one of Semel's own, which only its coordinators write
     */
    public Partition writablePartition(String topic, int partition) {
        if (topic(topic).isInternal()) {
            throw new InvalidTopicException("internal topic: " + topic
                    + " holds Semel's own state and takes no records from outside; write to a topic of your own");
        }
        return partition(topic, partition);
    }

    /**
     * Closes the clients that are still open, stops the conductor, then closes the directory: all of it, whatever
     * fails.
     */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        IOException failure = null;
        for (AutoCloseable client : clients) {
            try {
                client.close();
            } catch (Exception e) {
                if (failure == null) {
                    failure = new IOException("not all clients of " + broker.path() + " closed well; the directory is"
                            + " closed nevertheless");
                }
                failure.addSuppressed(e);
            }
        }
        conductor.close();
        try {
            broker.close();
        } catch (IOException e) {
            if (failure == null) {
                throw e;
            }
            failure.addSuppressed(e);
        }
        if (failure != null) {
            throw failure;
        }
    }
}
