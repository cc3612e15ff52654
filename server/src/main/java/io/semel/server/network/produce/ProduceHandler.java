package io.semel.server.network.produce;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import io.semel.log.batch.RecordBatchLayout;
import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Authorizer.Resource;
import io.semel.server.network.request.BodyHandler;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Peer;
import io.semel.server.network.request.Served;
import io.semel.transactions.broker.Topic;
import io.semel.transactions.partition.Partition;
import io.semel.wire.protocol.Errors;

/**
 * Takes records: judged where they stand in the request's bytes, and copied once, from there into the partition's
 * segment.
 */
public final class ProduceHandler implements BodyHandler {
    /** A roll or an extension of a segment takes about so long; a batch that comes meanwhile is tried again then. */
    private static final long RETRY_MS = 1;

    private final Served served;
    /** Of connections with batches that wait; each is touched by its connection's event loop alone. */
    private final ConcurrentMap<Peer, Backlog> backlogs = new ConcurrentHashMap<>();
    private final ThreadLocal<ReceivedBatch> received = ThreadLocal.withInitial(ReceivedBatch::new);

    public ProduceHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(ByteBuffer body, Exchange exchange) {
        ProduceRequest request = ProduceRequest.read(body, exchange.version());
        Producing producing = new Producing(exchange, body.clear(), request, TransactionGate.of(served.broker(), request
                .transactionalId(), exchange.version()));
        Rejection whole = judge(request, exchange);
        for (ProduceRequest.Topic topic : request.topics()) {
            Destination destination = destination(topic, whole, exchange);
            for (ProduceRequest.Records records : topic.partitions()) {
                producing.add(append(records, destination, request, producing));
            }
        }
        for (PartitionAppend append : producing.appends()) {
            if (!append.isRefused() && (isBehind(append) || !append.tryAppend())) {
                postpone(append);
            }
        }
        producing.answerIfDecided();
    }

    /** What holds for all of its records. */
    private Rejection judge(ProduceRequest request, Exchange exchange) {
        if (request.acks() < ProduceRequest.ALL_REPLICAS || request.acks() > ProduceRequest.ONE_REPLICA) {
            return new Rejection(Errors.INVALID_REQUIRED_ACKS, "acks must be -1, 0 or 1: given=" + request.acks());
        }
        String id = request.transactionalId();
        return id.isEmpty() || served.authorizer().allows(exchange.peer(), Operation.WRITE, Resource.TRANSACTIONAL_ID,
                id) ? Rejection.NONE : new Rejection(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, "");
    }

    /** Where a topic's records go, or why nowhere: then the topic is null. */
    private record Destination(Topic topic, Rejection rejection) {
        Destination(Rejection rejection) {
            this(null, rejection);
        }

        Destination(Errors error, String message) {
            this(new Rejection(error, message));
        }
    }

    private Destination destination(ProduceRequest.Topic wanted, Rejection whole, Exchange exchange) {
        if (!whole.isNone()) {
            return new Destination(whole);
        }
        boolean hasId = exchange.version() >= ProduceVersions.TOPIC_IDS;
        Optional<Topic> topic = hasId
                ? served.broker().findTopic(wanted.id())
                : served.broker().findTopic(wanted.name());
        if (hasId && topic.isEmpty()) {
            return new Destination(Errors.UNKNOWN_TOPIC_ID, "");
        }
        String name = topic.map(Topic::name).orElse(wanted.name());
        if (!served.authorizer().allows(exchange.peer(), Operation.WRITE, Resource.TOPIC, name)) {
            return new Destination(Errors.TOPIC_AUTHORIZATION_FAILED, "");
        }
        if (topic.isEmpty()) {
            return new Destination(Errors.UNKNOWN_TOPIC_OR_PARTITION, "");
        }
        return topic.get().isInternal()
                ? new Destination(Errors.INVALID_TOPIC_EXCEPTION, "only the server writes to its internal topic "
                        + name)
                : new Destination(topic.get(), Rejection.NONE);
    }

    private PartitionAppend append(ProduceRequest.Records records, Destination destination, ProduceRequest request,
            Producing producing) {
        if (!destination.rejection.isNone()) {
            return PartitionAppend.refused(destination.rejection, producing, records);
        }
        Topic topic = destination.topic;
        int index = records.partition();
        if (index < 0 || index >= topic.partitionCount()) {
            return PartitionAppend.refused(new Rejection(Errors.UNKNOWN_TOPIC_OR_PARTITION, ""), producing, records);
        }
        if (topic.isOffline(index)) {
            return PartitionAppend.refused(new Rejection(Errors.KAFKA_STORAGE_ERROR, topic.name() + '-' + index
                    + " is out of service"), producing, records);
        }
        Partition partition = topic.partition(index);
        Rejection judged = received.get().judge(producing.body(), records.position(), records.length(), producing
                .version(), partition.log().config(), served.clock().time());
        if (judged.isNone()) {
            judged = judgeTransaction(request, producing.body(), records.position());
        }
        return judged.isNone()
                ? PartitionAppend.to(partition, producing, records)
                : PartitionAppend.refused(judged, producing, records);
    }

    /** Both or neither must say that it is part of a transaction: else nobody would end it, or it were in none. */
    private static Rejection judgeTransaction(ProduceRequest request, ByteBuffer body, int position) {
        boolean isTransactional = (RecordBatchLayout.attributes(body, position)
                & RecordBatchLayout.TRANSACTIONAL_BIT) != 0;
        if (isTransactional == !request.transactionalId().isEmpty()) {
            return Rejection.NONE;
        }
        return isTransactional
                ? new Rejection(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
                        "a transactional batch in a request without a transactional id")
                : new Rejection(Errors.INVALID_TXN_STATE, "a batch of no transaction in a request of transactional id "
                        + request.transactionalId());
    }

    private boolean isBehind(PartitionAppend append) {
        Backlog backlog = backlogs.get(append.request().exchange().peer());
        return backlog != null && backlog.holds(append.partition());
    }

    private void postpone(PartitionAppend append) {
        Exchange exchange = append.request().exchange();
        Backlog backlog = backlogs.get(exchange.peer());
        if (backlog == null) {
            backlog = new Backlog();
            backlogs.put(exchange.peer(), backlog);
            exchange.runLater(() -> retry(exchange), RETRY_MS);
        }
        backlog.add(append);
    }

    private void retry(Exchange exchange) {
        Backlog backlog = backlogs.get(exchange.peer());
        try {
            backlog.retry();
        } catch (RuntimeException | Error e) {
            // Whoever waits is abandoned with its connection, and is found decided at the next look.
            exchange.fail(e);
        }
        if (backlog.isEmpty()) {
            backlogs.remove(exchange.peer());
        } else {
            exchange.runLater(() -> retry(exchange), RETRY_MS);
        }
    }
}
