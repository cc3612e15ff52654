package io.semel.benchmarks.workload.artemis;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientConsumer;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientProducer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;

import io.semel.benchmarks.workload.Payload;
import io.semel.benchmarks.workload.Transactions;

/**
 * An embedded broker with one durable queue, and producers that talk to it within the JVM, by Artemis's own API, which
 * has less between it and the broker than JMS: send one durable message in a transacted session, commit.
 */
public final class ArtemisTransactions implements Transactions {
    private static final String QUEUE = "bench";
    private static final String IN_PROCESS = "vm://0";
    private static final boolean DURABLE = true;

    /** How long a journal's buffer waits for company; Artemis's own sample for NIO has a multiple of it. */
    private static final int BUFFER_TIMEOUT_NS = (int) TimeUnit.MICROSECONDS.toNanos(50);

    /** Outside of the clock: a message that does not come within this time is missing. */
    private static final long PATIENCE_MS = 20_000;

    /** Acknowledged together when all messages are read back. */
    private static final int ACKNOWLEDGED_BYTES = 1 << 20;

    /** No limit: whatever the disk holds, producers are not blocked. */
    private static final int ANY_DISK_USAGE = -1;

    private final EmbeddedActiveMQ broker;
    private final ServerLocator locator;
    private final ClientSessionFactory factory;

    /** What a commit waits for. */
    public enum Journal {
        /** Bytes in mapped pages: a kill of the process does no harm, as in Semel's PROCESS. */
        MAPPED_NOT_SYNCED,
        /** Bytes on the medium, as in Semel's POWER. */
        NIO_SYNCED
    }

    private ArtemisTransactions(EmbeddedActiveMQ broker, ServerLocator locator, ClientSessionFactory factory) {
        this.broker = broker;
        this.locator = locator;
        this.factory = factory;
    }

    public static Transactions open(Path directory, Journal journal) throws Exception {
        EmbeddedActiveMQ broker = new EmbeddedActiveMQ().setConfiguration(configuration(directory, journal));
        broker.start();
        ServerLocator locator = ActiveMQClient.createServerLocator(IN_PROCESS);
        ClientSessionFactory factory = locator.createSessionFactory();
        try (ClientSession session = factory.createSession()) {
            session.createQueue(QueueConfiguration.of(QUEUE).setRoutingType(RoutingType.ANYCAST).setDurable(DURABLE));
        }
        return new ArtemisTransactions(broker, locator, factory);
    }

    private static Configuration configuration(Path directory, Journal journal) throws Exception {
        Configuration configuration = new ConfigurationImpl().setPersistenceEnabled(true).setSecurityEnabled(false)
                .setJournalDirectory(directory.resolve("journal").toString())
                .setBindingsDirectory(directory.resolve("bindings").toString())
                .setLargeMessagesDirectory(directory.resolve("large-messages").toString())
                .setPagingDirectory(directory.resolve("paging").toString())
                .setJournalBufferTimeout_NIO(BUFFER_TIMEOUT_NS).setMaxDiskUsage(ANY_DISK_USAGE)
                .addAcceptorConfiguration("in-process", IN_PROCESS);
        return switch (journal) {
            case MAPPED_NOT_SYNCED -> configuration.setJournalType(JournalType.MAPPED).setJournalDatasync(false);
            case NIO_SYNCED -> configuration.setJournalType(JournalType.NIO).setJournalDatasync(true);
        };
    }

    @Override
    public Committer join(int producer) throws Exception {
        return new SessionCommitter(factory.createSession(false, false));
    }

    /** A session whose sends wait for {@code commit}. */
    private static final class SessionCommitter implements Committer {
        private final byte[] payload = Payload.create(Payload.SMALL);
        private final ClientSession session;
        private final ClientProducer producer;

        SessionCommitter(ClientSession session) throws Exception {
            this.session = session;
            this.producer = session.createProducer(QUEUE);
        }

        @Override
        public void transact(long number) throws Exception {
            Payload.number(payload, number);
            ClientMessage message = session.createMessage(DURABLE);
            message.getBodyBuffer().writeBytes(payload);
            producer.send(message);
            session.commit();
        }

        @Override
        public void close() throws IOException {
            try {
                session.close();
            } catch (ActiveMQException e) {
                throw new IOException("the session did not close well", e);
            }
        }
    }

    @Override
    public void verify(long operations) throws Exception {
        Payload.require("messages in the queue", operations, broker.getActiveMQServer().locateQueue(QUEUE)
                .getMessageCount());
        long sum = 0;
        try (ClientSession session = factory.createSession(true, true, ACKNOWLEDGED_BYTES)) {
            session.start();
            ClientConsumer consumer = session.createConsumer(QUEUE);
            for (long count = 0; count < operations; count++) {
                ClientMessage message = consumer.receive(PATIENCE_MS);
                Payload.require("messages missing", 0, message == null ? operations - count : 0);
                sum += message.getBodyBuffer().readLong();
                message.acknowledge();
            }
        }
        Payload.require("sum of record numbers", Payload.sumOf(operations), sum);
    }

    @Override
    public void close() throws IOException {
        factory.close();
        locator.close();
        try {
            broker.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IOException("the broker did not stop well", e);
        }
    }
}
