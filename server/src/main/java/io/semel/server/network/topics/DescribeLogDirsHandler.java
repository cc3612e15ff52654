package io.semel.server.network.topics;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Deadline;
import io.semel.server.network.request.DiskTurn;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.transactions.broker.Topic;
import io.semel.wire.message.DescribeLogDirsRequestData;
import io.semel.wire.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import io.semel.wire.message.DescribeLogDirsResponseData;
import io.semel.wire.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import io.semel.wire.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import io.semel.wire.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import io.semel.wire.protocol.Errors;

/** The one directory, and the bytes of batches in each partition; files may take more, since blocks are taken ahead. */
public final class DescribeLogDirsHandler implements Handler<DescribeLogDirsRequestData> {
    private static final long UNKNOWN_BYTES = -1;

    private final Served served;

    public DescribeLogDirsHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(DescribeLogDirsRequestData request, Exchange exchange) {
        if (!new Rights(served, exchange).onCluster(Operation.DESCRIBE)) {
            exchange.answer(new DescribeLogDirsResponseData().setErrorCode(Errors.CLUSTER_AUTHORIZATION_FAILED.code()));
            return;
        }
        DiskTurn.answer(served, exchange, Deadline.NEVER, deadline -> new DescribeLogDirsResponseData().setResults(List
                .of(describe(request))));
    }

    private DescribeLogDirsResult describe(DescribeLogDirsRequestData request) {
        DescribeLogDirsResult result = new DescribeLogDirsResult().setLogDir(served.broker().path().toAbsolutePath()
                .toString()).setTotalBytes(UNKNOWN_BYTES).setUsableBytes(UNKNOWN_BYTES);
        try {
            FileStore store = Files.getFileStore(served.broker().path());
            result.setTotalBytes(store.getTotalSpace()).setUsableBytes(store.getUsableSpace());
        } catch (IOException e) {
            result.setErrorCode(Errors.KAFKA_STORAGE_ERROR.code());
        }
        if (request.topics() == null) {
            served.broker().topics().forEach(topic -> result.topics().add(describe(topic, partition -> true)));
        } else {
            for (DescribableLogDirTopic wanted : request.topics()) {
                served.broker().findTopic(wanted.topic()).ifPresent(topic -> result.topics().add(describe(topic, wanted
                        .partitions()::contains)));
            }
        }
        return result;
    }

    private static DescribeLogDirsTopic describe(Topic topic, IntPredicate wanted) {
        List<DescribeLogDirsPartition> partitions = new ArrayList<>();
        for (int index = 0; index < topic.partitionCount(); index++) {
            if (wanted.test(index) && !topic.isOffline(index)) {
                partitions.add(new DescribeLogDirsPartition().setPartitionIndex(index).setPartitionSize(topic.partition(
                        index).log().sizeInBytes()));
            }
        }
        return new DescribeLogDirsTopic().setName(topic.name()).setPartitions(partitions);
    }
}
