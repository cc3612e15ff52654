package io.semel.server.network.fetch;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.log.batch.CorruptBatchException;
import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.wire.message.OffsetForLeaderEpochRequestData;
import io.semel.wire.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import io.semel.wire.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import io.semel.wire.message.OffsetForLeaderEpochResponseData;
import io.semel.wire.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import io.semel.wire.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import io.semel.wire.protocol.Errors;

/** Where the records of a leader epoch end: so that a client notices that what it read was lost with a crash (KIP-320). */
public final class OffsetForLeaderEpochHandler implements Handler<OffsetForLeaderEpochRequestData> {
    private static final Logger LOGGER = LoggerFactory.getLogger(OffsetForLeaderEpochHandler.class);

    private final Served served;

    public OffsetForLeaderEpochHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(OffsetForLeaderEpochRequestData request, Exchange exchange) {
        DiskAnswer.give(served, exchange, () -> answer(request, exchange), () -> refused(request));
    }

    private OffsetForLeaderEpochResponseData answer(OffsetForLeaderEpochRequestData request, Exchange exchange) {
        OffsetForLeaderEpochResponseData response = new OffsetForLeaderEpochResponseData();
        for (OffsetForLeaderTopic topic : request.topics()) {
            OffsetForLeaderTopicResult told = new OffsetForLeaderTopicResult().setTopic(topic.topic());
            topic.partitions().forEach(asked -> told.partitions().add(answer(topic.topic(), asked, exchange)));
            response.topics().add(told);
        }
        return response;
    }

    private static OffsetForLeaderEpochResponseData refused(OffsetForLeaderEpochRequestData request) {
        OffsetForLeaderEpochResponseData response = new OffsetForLeaderEpochResponseData();
        for (OffsetForLeaderTopic topic : request.topics()) {
            OffsetForLeaderTopicResult told = new OffsetForLeaderTopicResult().setTopic(topic.topic());
            topic.partitions().forEach(asked -> told.partitions().add(refused(asked, Errors.REQUEST_TIMED_OUT)));
            response.topics().add(told);
        }
        return response;
    }

    private static EpochEndOffset refused(OffsetForLeaderPartition asked, Errors error) {
        return new EpochEndOffset().setPartition(asked.partition()).setErrorCode(error.code());
    }

    private EpochEndOffset answer(String topic, OffsetForLeaderPartition asked, Exchange exchange) {
        FoundPartition found = FoundPartition.named(served, exchange.peer(), Operation.DESCRIBE, topic, asked
                .partition()).knownAt(asked.currentLeaderEpoch());
        if (!found.isSound()) {
            return refused(asked, found.error());
        }
        try {
            EpochEnd end = EpochEnd.of(found.partition().log(), asked.leaderEpoch());
            return new EpochEndOffset().setPartition(asked.partition()).setLeaderEpoch(end.epoch()).setEndOffset(end
                    .offset());
        } catch (CorruptBatchException e) {
            LOGGER.error("{} can't be searched: {}", found.partition().id(), e.getMessage());
            return refused(asked, Errors.KAFKA_STORAGE_ERROR);
        } catch (IllegalStateException e) {
            if (served.broker().findPartition(found.partition().id()) == found.partition()) {
                throw e;
            }
            return refused(asked, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
    }
}
