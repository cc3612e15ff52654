package io.semel.server.network.fetch;

import java.util.HashSet;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.log.TimestampedOffset;
import io.semel.log.batch.CorruptBatchException;
import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionId;
import io.semel.wire.message.ListOffsetsRequestData;
import io.semel.wire.message.ListOffsetsRequestData.ListOffsetsPartition;
import io.semel.wire.message.ListOffsetsRequestData.ListOffsetsTopic;
import io.semel.wire.message.ListOffsetsResponseData;
import io.semel.wire.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import io.semel.wire.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import io.semel.wire.protocol.Errors;

/** Where partitions begin and end, and where the records of a time are; what reads records for it waits for the disk. */
public final class ListOffsetsHandler implements Handler<ListOffsetsRequestData> {
    private static final Logger LOGGER = LoggerFactory.getLogger(ListOffsetsHandler.class);

    private static final byte READ_COMMITTED = 1;

    private static final long NONE = -1;
    private static final int NO_EPOCH = -1;
    /** The first version that tells leader epochs. */
    private static final int FIRST_WITH_EPOCHS = 4;

    private final Served served;

    /** Timestamps that stand for something else. */
    private enum Special {
        EARLIEST(-2, 1), LATEST(-1, 1), MAX_TIMESTAMP(-3, 7), EARLIEST_LOCAL(-4, 8), LATEST_TIERED(-5,
                9), EARLIEST_PENDING_UPLOAD(-6, 11);

        private final long timestamp;
        private final int firstVersion;

        Special(long timestamp, int firstVersion) {
            this.timestamp = timestamp;
            this.firstVersion = firstVersion;
        }

        /** Null when it is none that this version knows. */
        static Special of(long timestamp, short version) {
            for (Special each : values()) {
                if (each.timestamp == timestamp && version >= each.firstVersion) {
                    return each;
                }
            }
            return null;
        }
    }

    public ListOffsetsHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(ListOffsetsRequestData request, Exchange exchange) {
        if (!readsRecords(request)) {
            exchange.answer(answer(request, exchange));
            return;
        }
        DiskAnswer.give(served, exchange, () -> answer(request, exchange), () -> refused(request));
    }

    private static boolean readsRecords(ListOffsetsRequestData request) {
        return request.topics().stream().flatMap(topic -> topic.partitions().stream()).anyMatch(each -> each
                .timestamp() >= 0 || each.timestamp() == Special.MAX_TIMESTAMP.timestamp);
    }

    private ListOffsetsResponseData answer(ListOffsetsRequestData request, Exchange exchange) {
        Isolation isolation = request.isolationLevel() == READ_COMMITTED
                ? Isolation.READ_COMMITTED
                : Isolation.READ_UNCOMMITTED;
        Set<PartitionId> twice = askedTwice(request);
        ListOffsetsResponseData response = new ListOffsetsResponseData();
        for (ListOffsetsTopic topic : request.topics()) {
            ListOffsetsTopicResponse told = new ListOffsetsTopicResponse().setName(topic.name());
            for (ListOffsetsPartition asked : topic.partitions()) {
                told.partitions().add(twice.contains(new PartitionId(topic.name(), asked.partitionIndex()))
                        ? refused(asked, Errors.INVALID_REQUEST)
                        : answer(topic.name(), asked, isolation, exchange));
            }
            response.topics().add(told);
        }
        return response;
    }

    private static Set<PartitionId> askedTwice(ListOffsetsRequestData request) {
        Set<PartitionId> once = new HashSet<>();
        Set<PartitionId> twice = new HashSet<>();
        for (ListOffsetsTopic topic : request.topics()) {
            for (ListOffsetsPartition asked : topic.partitions()) {
                PartitionId id = new PartitionId(topic.name(), asked.partitionIndex());
                if (!once.add(id)) {
                    twice.add(id);
                }
            }
        }
        return twice;
    }

    private static ListOffsetsResponseData refused(ListOffsetsRequestData request) {
        ListOffsetsResponseData response = new ListOffsetsResponseData();
        for (ListOffsetsTopic topic : request.topics()) {
            ListOffsetsTopicResponse told = new ListOffsetsTopicResponse().setName(topic.name());
            topic.partitions().forEach(asked -> told.partitions().add(refused(asked, Errors.REQUEST_TIMED_OUT)));
            response.topics().add(told);
        }
        return response;
    }

    private static ListOffsetsPartitionResponse refused(ListOffsetsPartition asked, Errors error) {
        return new ListOffsetsPartitionResponse().setPartitionIndex(asked.partitionIndex()).setErrorCode(error.code());
    }

    private ListOffsetsPartitionResponse answer(String topic, ListOffsetsPartition asked, Isolation isolation,
            Exchange exchange) {
        FoundPartition found = FoundPartition.named(served, exchange.peer(), Operation.DESCRIBE, topic, asked
                .partitionIndex()).knownAt(asked.currentLeaderEpoch());
        if (!found.isSound()) {
            return refused(asked, found.error());
        }
        Special special = Special.of(asked.timestamp(), exchange.version());
        if (special == null && asked.timestamp() < 0) {
            return refused(asked, Errors.UNSUPPORTED_VERSION);
        }
        TimestampedOffset offset;
        try {
            offset = special == null
                    ? below(found.partition(), isolation, found.partition().log().offsetForTimestamp(asked.timestamp()))
                    : special(found.partition(), special, isolation);
        } catch (CorruptBatchException e) {
            LOGGER.error("{} can't be searched: {}", found.partition().id(), e.getMessage());
            return refused(asked, Errors.KAFKA_STORAGE_ERROR);
        } catch (IllegalStateException e) {
            if (served.broker().findPartition(found.partition().id()) == found.partition()) {
                throw e;
            }
            return refused(asked, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        return new ListOffsetsPartitionResponse().setPartitionIndex(asked.partitionIndex()).setTimestamp(offset
                .timestampMs()).setOffset(offset.offset()).setLeaderEpoch(exchange.version() < FIRST_WITH_EPOCHS
                        ? NO_EPOCH
                        : offset.leaderEpoch());
    }

    private static TimestampedOffset special(Partition partition, Special special, Isolation isolation) {
        return switch (special) {
            case EARLIEST, EARLIEST_LOCAL -> new TimestampedOffset(partition.startOffset(), NONE, NO_EPOCH);
            case LATEST -> new TimestampedOffset(partition.endOffset(isolation), NONE, partition.log().leaderEpoch());
            case MAX_TIMESTAMP -> below(partition, isolation, partition.log().offsetOfMaxTimestamp());
            // Nothing is kept anywhere else.
            case LATEST_TIERED, EARLIEST_PENDING_UPLOAD -> TimestampedOffset.NONE;
        };
    }

    /** As in Kafka, a record that this isolation may not see yet hides those before it. */
    private static TimestampedOffset below(Partition partition, Isolation isolation, TimestampedOffset found) {
        return found.offset() < partition.endOffset(isolation) ? found : TimestampedOffset.NONE;
    }
}
