package io.semel.server.network.transactions;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

import io.semel.idempotence.ProducerState;
import io.semel.server.network.request.Authorizer;
import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Authorizer.Resource;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.transactions.coordinator.ProducerIdAndEpoch;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.TransactionOperator;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionId;
import io.semel.wire.message.WriteTxnMarkersRequestData;
import io.semel.wire.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import io.semel.wire.message.WriteTxnMarkersResponseData;
import io.semel.wire.message.WriteTxnMarkersResponseData.WritableTxnMarkerPartitionResult;
import io.semel.wire.message.WriteTxnMarkersResponseData.WritableTxnMarkerResult;
import io.semel.wire.message.WriteTxnMarkersResponseData.WritableTxnMarkerTopicResult;
import io.semel.wire.protocol.Errors;

/**
 * An operator's abort, as {@code Admin.abortTransaction} sends it: a marker for one partition. It ends the transaction of
 * that producer everywhere and fences its owner, for half of a transaction must never be aborted alone (T1). Nobody but
 * our own coordinator commits.
 *
 * <p>Stateless; one marker of a request after the other.
 */
public final class WriteTxnMarkersHandler implements Handler<WriteTxnMarkersRequestData> {
    private final Served served;

    public WriteTxnMarkersHandler(TransactionDoor door) {
        this.served = door.served();
    }

    /** A partition whose answer is open, and who is to have nothing open in it. */
    private record Wanted(WritableTxnMarkerPartitionResult line, PartitionId partition, ProducerIdAndEpoch producer,
            boolean commits) {
    }

    @Override
    public void handle(WriteTxnMarkersRequestData request, Exchange exchange) {
        WriteTxnMarkersResponseData response = new WriteTxnMarkersResponseData();
        Queue<Wanted> wanted = new ArrayDeque<>();
        for (WritableTxnMarker marker : request.markers()) {
            WritableTxnMarkerResult result = new WritableTxnMarkerResult().setProducerId(marker.producerId());
            response.markers().add(result);
            marker.topics().forEach(topic -> {
                WritableTxnMarkerTopicResult lines = new WritableTxnMarkerTopicResult().setName(topic.name());
                result.topics().add(lines);
                topic.partitionIndexes().forEach(number -> {
                    WritableTxnMarkerPartitionResult line = new WritableTxnMarkerPartitionResult().setPartitionIndex(
                            number);
                    lines.partitions().add(line);
                    wanted.add(new Wanted(line, new PartitionId(topic.name(), number), new ProducerIdAndEpoch(marker
                            .producerId(), marker.producerEpoch()), marker.transactionResult()));
                });
            });
        }
        if (mayAct(exchange)) {
            next(wanted, response, exchange);
        } else {
            wanted.forEach(each -> each.line.setErrorCode(Errors.CLUSTER_AUTHORIZATION_FAILED.code()));
            exchange.answer(response);
        }
    }

    private boolean mayAct(Exchange exchange) {
        return List.of(Operation.ALTER, Operation.CLUSTER_ACTION).stream().anyMatch(operation -> served.authorizer()
                .allows(exchange.peer(), operation, Resource.CLUSTER, Authorizer.CLUSTER_NAME));
    }

    private void next(Queue<Wanted> wanted, WriteTxnMarkersResponseData response, Exchange exchange) {
        while (!wanted.isEmpty() && isAnswered(wanted.peek())) {
            wanted.poll();
        }
        if (wanted.isEmpty()) {
            exchange.answer(response);
            return;
        }
        Wanted each = wanted.poll();
        Optional<TransactionOperator.Abortion> abortion = served.broker().transactions().operator().abort(
                each.producer);
        Steps.take(exchange, () -> abortion.map(TransactionOperator.Abortion::step).orElse(Progress.INVALID_STATE),
                progress -> {
                    each.line.setErrorCode(codeOf(progress).code());
                    Steps.later(exchange, () -> next(wanted, response, exchange), 0);
                });
    }

    /** Whether nothing need be done for it, or can be; then its line says so. */
    private boolean isAnswered(Wanted each) {
        Partition partition = served.broker().findPartition(each.partition);
        if (partition == null) {
            each.line.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        } else if (each.commits) {
            each.line.setErrorCode(Errors.INVALID_TXN_STATE.code());
        }
        return partition == null || each.commits || isOver(partition, each.producer.producerId());
    }

    private static boolean isOver(Partition partition, long producerId) {
        ProducerState state = partition.producer(producerId);
        if (state == null) {
            return true;
        }
        state.pen().take();
        try {
            return state.transactionOffset() == ProducerState.NO_OFFSET;
        } finally {
            state.pen().release();
        }
    }

    private static Errors codeOf(Progress progress) {
        return switch (progress) {
            case DONE -> Errors.NONE;
            case PENDING -> Errors.REQUEST_TIMED_OUT;
            case FENCED -> Errors.INVALID_PRODUCER_EPOCH;
            case INVALID_STATE -> Errors.INVALID_TXN_STATE;
            case UNAVAILABLE -> Errors.KAFKA_STORAGE_ERROR;
        };
    }
}
