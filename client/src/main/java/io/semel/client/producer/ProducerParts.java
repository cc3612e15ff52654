package io.semel.client.producer;

import java.time.Duration;
import java.util.Optional;

import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.transactions.broker.Broker;

/**
 * What one producer is made of behind its calls.
 *
 * @param transactions empty when the producer has no transactional id
 */
record ProducerParts(TransactionGate gate, SendQueue queue, Lanes lanes, Sender sender, ProducerMetrics metrics,
        Optional<TransactionWork> work, Optional<Transactions> transactions) {
    private static final Logger LOGGER = LoggerFactory.getLogger(ProducerParts.class);

    /** The coordinator holds its pen for microseconds; what is still not done then ends by its timeout. */
    private static final int ROUNDS_OF_LAST_ABORT = 100;

    private static final Duration FOR_EVER = Duration.ofMillis(Long.MAX_VALUE);

    static ProducerParts assemble(Broker broker, ProducerSettings settings, Interceptors<?, ?> interceptors) {
        BufferMemory memory = new BufferMemory(settings.bufferBytes);
        SendQueue queue = new SendQueue(memory);
        ProducerMetrics metrics = new ProducerMetrics(settings.clientId, memory);
        boolean isTransactional = settings.guarantee == ProducerSettings.Guarantee.TRANSACTIONAL;
        TransactionGate gate = isTransactional
                ? TransactionGate.of(settings.transactionalId())
                : TransactionGate.open();
        Optional<TransactionWork> work = isTransactional
                ? Optional.of(new TransactionWork(broker, settings, gate))
                : Optional.empty();
        Deliveries deliveries = new Deliveries(interceptors, memory, gate, metrics);
        Lanes lanes = new Lanes(settings, author(broker, settings, work), deliveries);
        return new ProducerParts(gate, queue, lanes, new Sender(settings, queue, lanes, deliveries, gate), metrics,
                work, work.map(its -> new Transactions(gate, its, lanes, queue, broker, settings.maxBlock)));
    }

    private static BatchAuthor author(Broker broker, ProducerSettings settings, Optional<TransactionWork> work) {
        return switch (settings.guarantee) {
            case PLAIN -> new AnonymousAuthor();
            case IDEMPOTENT -> new IdempotentAuthor(broker.producerIds());
            case TRANSACTIONAL -> work.orElseThrow();
        };
    }

    void flush() {
        queue.refuseSenderThread("flush");
        Command command = new Command("flush", Command.Batches.CUT, lanes::isQuiet);
        queue.put(command, FOR_EVER);
        command.await(System.nanoTime(), FOR_EVER);
    }

    /** Everything sent before, then an abort of what is open. That may fail: closing goes on. */
    boolean stepClose() {
        return lanes.isQuiet() && stepLastAbort();
    }

    private boolean stepLastAbort() {
        try {
            return work.isEmpty() || work.get().stepClose();
        } catch (KafkaException e) {
            LOGGER.warn("an open transaction was not aborted on close: {}", e.toString());
            return true;
        }
    }

    /** After an end by force: once the abort is decided the coordinator carries it on by itself. */
    void abortByForce() {
        for (int round = 0; round < ROUNDS_OF_LAST_ABORT && !stepLastAbort(); round++) {
            Thread.yield();
        }
    }
}
