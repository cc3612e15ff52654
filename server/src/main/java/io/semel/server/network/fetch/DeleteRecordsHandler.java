package io.semel.server.network.fetch;

import java.io.IOException;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Failures;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.PartitionOfflineException;
import io.semel.transactions.broker.UnknownTopicException;
import io.semel.transactions.partition.Partition;
import io.semel.wire.message.DeleteRecordsRequestData;
import io.semel.wire.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import io.semel.wire.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import io.semel.wire.message.DeleteRecordsResponseData;
import io.semel.wire.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import io.semel.wire.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import io.semel.wire.protocol.Errors;

/** Moves the beginning of partitions forward; what an open transaction wrote stays until it ends. */
public final class DeleteRecordsHandler implements Handler<DeleteRecordsRequestData> {
    private static final long NO_LOW_WATERMARK = -1;

    private final Served served;

    public DeleteRecordsHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(DeleteRecordsRequestData request, Exchange exchange) {
        DiskAnswer.give(served, exchange, () -> answer(request, exchange), () -> refused(request));
    }

    private DeleteRecordsResponseData answer(DeleteRecordsRequestData request, Exchange exchange) {
        DeleteRecordsResponseData response = new DeleteRecordsResponseData();
        for (DeleteRecordsTopic topic : request.topics()) {
            DeleteRecordsTopicResult told = new DeleteRecordsTopicResult().setName(topic.name());
            topic.partitions().forEach(asked -> told.partitions().add(answer(topic.name(), asked, exchange)));
            response.topics().add(told);
        }
        return response;
    }

    private static DeleteRecordsResponseData refused(DeleteRecordsRequestData request) {
        DeleteRecordsResponseData response = new DeleteRecordsResponseData();
        for (DeleteRecordsTopic topic : request.topics()) {
            DeleteRecordsTopicResult told = new DeleteRecordsTopicResult().setName(topic.name());
            topic.partitions().forEach(asked -> told.partitions().add(result(asked, NO_LOW_WATERMARK,
                    Errors.REQUEST_TIMED_OUT)));
            response.topics().add(told);
        }
        return response;
    }

    private static DeleteRecordsPartitionResult result(DeleteRecordsPartition asked, long lowWatermark, Errors error) {
        return new DeleteRecordsPartitionResult().setPartitionIndex(asked.partitionIndex()).setLowWatermark(
                lowWatermark).setErrorCode(error.code());
    }

    private DeleteRecordsPartitionResult answer(String topic, DeleteRecordsPartition asked, Exchange exchange) {
        FoundPartition found = FoundPartition.named(served, exchange.peer(), Operation.DELETE, topic, asked
                .partitionIndex());
        Errors error = found.isSound() ? objection(topic, found.partition(), asked.offset()) : found.error();
        if (error != Errors.NONE) {
            return result(asked, NO_LOW_WATERMARK, error);
        }
        try {
            return result(asked, served.broker().deleteRecords(topic, asked.partitionIndex(), asked.offset()),
                    Errors.NONE);
        } catch (UnknownTopicException | PartitionOfflineException | IOException e) {
            return result(asked, NO_LOW_WATERMARK, Failures.codeOf(e));
        } catch (IllegalArgumentException e) {
            // Past the last stable offset, which does not fall: it was another partition of that name a moment ago.
            return result(asked, NO_LOW_WATERMARK, Errors.OFFSET_OUT_OF_RANGE);
        }
    }

    private Errors objection(String topic, Partition partition, long offset) {
        if (served.broker().findTopic(topic).filter(found -> found.isInternal()).isPresent()) {
            return Errors.INVALID_TOPIC_EXCEPTION;
        }
        if (!partition.log().config().compaction().policy().deletes()) {
            return Errors.POLICY_VIOLATION;
        }
        boolean isInRange = offset == Broker.TO_THE_END || offset >= 0 && offset <= partition.stableOffset();
        return isInRange ? Errors.NONE : Errors.OFFSET_OUT_OF_RANGE;
    }
}
