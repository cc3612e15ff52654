package io.semel.server.network;

import io.semel.server.network.cluster.ApiVersionsHandler;
import io.semel.server.network.cluster.DescribeClusterHandler;
import io.semel.server.network.cluster.MetadataHandler;
import io.semel.server.network.cluster.UpdateFeaturesHandler;
import io.semel.server.network.fetch.DeleteRecordsHandler;
import io.semel.server.network.fetch.FetchHandler;
import io.semel.server.network.fetch.ListOffsetsHandler;
import io.semel.server.network.fetch.OffsetForLeaderEpochHandler;
import io.semel.server.network.groups.ConsumerGroupDescribeHandler;
import io.semel.server.network.groups.ConsumerGroupHeartbeatHandler;
import io.semel.server.network.groups.DeleteGroupsHandler;
import io.semel.server.network.groups.DescribeGroupsHandler;
import io.semel.server.network.groups.FindCoordinatorHandler;
import io.semel.server.network.groups.HeartbeatHandler;
import io.semel.server.network.groups.JoinGroupHandler;
import io.semel.server.network.groups.LeaveGroupHandler;
import io.semel.server.network.groups.ListGroupsHandler;
import io.semel.server.network.groups.OffsetCommitHandler;
import io.semel.server.network.groups.OffsetDeleteHandler;
import io.semel.server.network.groups.OffsetFetchHandler;
import io.semel.server.network.groups.SyncGroupHandler;
import io.semel.server.network.produce.ProduceHandler;
import io.semel.server.network.produce.ProduceVersions;
import io.semel.server.network.request.ApiTable;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.server.network.security.CreateAclsHandler;
import io.semel.server.network.security.DeleteAclsHandler;
import io.semel.server.network.security.DescribeAclsHandler;
import io.semel.server.network.topics.AlterClientQuotasHandler;
import io.semel.server.network.topics.AlterConfigsHandler;
import io.semel.server.network.topics.AlterPartitionReassignmentsHandler;
import io.semel.server.network.topics.AlterReplicaLogDirsHandler;
import io.semel.server.network.topics.CreatePartitionsHandler;
import io.semel.server.network.topics.CreateTopicsHandler;
import io.semel.server.network.topics.DeleteTopicsHandler;
import io.semel.server.network.topics.DescribeClientQuotasHandler;
import io.semel.server.network.topics.DescribeConfigsHandler;
import io.semel.server.network.topics.DescribeLogDirsHandler;
import io.semel.server.network.topics.DescribeTopicPartitionsHandler;
import io.semel.server.network.topics.ElectLeadersHandler;
import io.semel.server.network.topics.IncrementalAlterConfigsHandler;
import io.semel.server.network.topics.ListConfigResourcesHandler;
import io.semel.server.network.topics.ListPartitionReassignmentsHandler;
import io.semel.server.network.transactions.AddOffsetsToTxnHandler;
import io.semel.server.network.transactions.AddPartitionsToTxnHandler;
import io.semel.server.network.transactions.DescribeProducersHandler;
import io.semel.server.network.transactions.DescribeTransactionsHandler;
import io.semel.server.network.transactions.EndTxnHandler;
import io.semel.server.network.transactions.InitProducerIdHandler;
import io.semel.server.network.transactions.ListTransactionsHandler;
import io.semel.server.network.transactions.TransactionDoor;
import io.semel.server.network.transactions.TxnOffsetCommitHandler;
import io.semel.server.network.transactions.WriteTxnMarkersHandler;
import io.semel.wire.protocol.ApiKeys;
import io.semel.wire.protocol.ApiMessage;

/** Every API key that is served, with its versions and who answers it. Stateless. */
public final class ServedApis {
    private ServedApis() {
    }

    public static ApiTable of(Served served) {
        ApiTable table = new ApiTable();
        cluster(table, served);
        groups(table, served);
        produce(table, served);
        fetch(table, served);
        transactions(table, new TransactionDoor(served));
        topics(table, served);
        security(table, served);
        return table;
    }

    private static void cluster(ApiTable table, Served served) {
        table.serve(new ApiTable.Entry(ApiKeys.API_VERSIONS, (short) 0, (short) 0, (short) ApiTable.newest(
                ApiKeys.API_VERSIONS), ApiTable.Overlap.ONE_AT_A_TIME, new ApiVersionsHandler(table)));
        table.serve(ApiKeys.METADATA, 0, ApiTable.newest(ApiKeys.METADATA), new MetadataHandler(served));
        table.serve(ApiKeys.DESCRIBE_CLUSTER, 0, ApiTable.newest(ApiKeys.DESCRIBE_CLUSTER), new DescribeClusterHandler(
                served));
        table.serve(ApiKeys.UPDATE_FEATURES, 0, ApiTable.newest(ApiKeys.UPDATE_FEATURES), new UpdateFeaturesHandler(
                served));
    }

    private static void topics(ApiTable table, Served served) {
        serveAll(table, ApiKeys.CREATE_TOPICS, new CreateTopicsHandler(served));
        serveAll(table, ApiKeys.DELETE_TOPICS, new DeleteTopicsHandler(served));
        serveAll(table, ApiKeys.CREATE_PARTITIONS, new CreatePartitionsHandler(served));
        serveAll(table, ApiKeys.DESCRIBE_TOPIC_PARTITIONS, new DescribeTopicPartitionsHandler(served));
        serveAll(table, ApiKeys.DESCRIBE_CONFIGS, new DescribeConfigsHandler(served));
        serveAll(table, ApiKeys.ALTER_CONFIGS, new AlterConfigsHandler(served));
        serveAll(table, ApiKeys.INCREMENTAL_ALTER_CONFIGS, new IncrementalAlterConfigsHandler(served));
        serveAll(table, ApiKeys.LIST_CONFIG_RESOURCES, new ListConfigResourcesHandler(served));
        serveAll(table, ApiKeys.DESCRIBE_LOG_DIRS, new DescribeLogDirsHandler(served));
        serveAll(table, ApiKeys.ALTER_REPLICA_LOG_DIRS, new AlterReplicaLogDirsHandler(served));
        serveAll(table, ApiKeys.ELECT_LEADERS, new ElectLeadersHandler(served));
        serveAll(table, ApiKeys.LIST_PARTITION_REASSIGNMENTS, new ListPartitionReassignmentsHandler(served));
        serveAll(table, ApiKeys.ALTER_PARTITION_REASSIGNMENTS, new AlterPartitionReassignmentsHandler(served));
        serveAll(table, ApiKeys.DESCRIBE_CLIENT_QUOTAS, new DescribeClientQuotasHandler(served));
        serveAll(table, ApiKeys.ALTER_CLIENT_QUOTAS, new AlterClientQuotasHandler(served));
    }

    private static void security(ApiTable table, Served served) {
        serveAll(table, ApiKeys.CREATE_ACLS, new CreateAclsHandler(served));
        serveAll(table, ApiKeys.DESCRIBE_ACLS, new DescribeAclsHandler(served));
        serveAll(table, ApiKeys.DELETE_ACLS, new DeleteAclsHandler(served));
    }

    private static void produce(ApiTable table, Served served) {
        table.serve(new ApiTable.Entry(ApiKeys.PRODUCE, ProduceVersions.ADVERTISED, ProduceVersions.FIRST,
                (short) ApiTable.newest(ApiKeys.PRODUCE), ApiTable.Overlap.SIDE_BY_SIDE, new ProduceHandler(served)));
    }

    private static void fetch(ApiTable table, Served served) {
        table.serve(ApiKeys.FETCH, 4, ApiTable.newest(ApiKeys.FETCH), new FetchHandler(served));
        table.serve(ApiKeys.LIST_OFFSETS, 1, ApiTable.newest(ApiKeys.LIST_OFFSETS), new ListOffsetsHandler(served));
        table.serve(ApiKeys.OFFSET_FOR_LEADER_EPOCH, 2, ApiTable.newest(ApiKeys.OFFSET_FOR_LEADER_EPOCH),
                new OffsetForLeaderEpochHandler(served));
        table.serve(ApiKeys.DELETE_RECORDS, 0, ApiTable.newest(ApiKeys.DELETE_RECORDS), new DeleteRecordsHandler(
                served));
    }

    private static void transactions(ApiTable table, TransactionDoor door) {
        serveAll(table, ApiKeys.INIT_PRODUCER_ID, new InitProducerIdHandler(door));
        table.serve(ApiKeys.ADD_PARTITIONS_TO_TXN, 0, AddPartitionsToTxnHandler.NEWEST, new AddPartitionsToTxnHandler(
                door));
        serveAll(table, ApiKeys.ADD_OFFSETS_TO_TXN, new AddOffsetsToTxnHandler(door));
        serveAll(table, ApiKeys.END_TXN, new EndTxnHandler(door));
        serveAll(table, ApiKeys.TXN_OFFSET_COMMIT, new TxnOffsetCommitHandler(door));
        serveAll(table, ApiKeys.WRITE_TXN_MARKERS, new WriteTxnMarkersHandler(door));
        serveAll(table, ApiKeys.DESCRIBE_PRODUCERS, new DescribeProducersHandler(door));
        serveAll(table, ApiKeys.DESCRIBE_TRANSACTIONS, new DescribeTransactionsHandler(door));
        serveAll(table, ApiKeys.LIST_TRANSACTIONS, new ListTransactionsHandler(door));
    }

    private static void groups(ApiTable table, Served served) {
        serveAll(table, ApiKeys.FIND_COORDINATOR, new FindCoordinatorHandler(served));
        serveAll(table, ApiKeys.JOIN_GROUP, new JoinGroupHandler(served));
        serveAll(table, ApiKeys.SYNC_GROUP, new SyncGroupHandler(served));
        serveAll(table, ApiKeys.HEARTBEAT, new HeartbeatHandler(served));
        serveAll(table, ApiKeys.LEAVE_GROUP, new LeaveGroupHandler(served));
        serveAll(table, ApiKeys.DESCRIBE_GROUPS, new DescribeGroupsHandler(served));
        serveAll(table, ApiKeys.LIST_GROUPS, new ListGroupsHandler(served));
        serveAll(table, ApiKeys.DELETE_GROUPS, new DeleteGroupsHandler(served));
        serveAll(table, ApiKeys.OFFSET_COMMIT, new OffsetCommitHandler(served));
        serveAll(table, ApiKeys.OFFSET_FETCH, new OffsetFetchHandler(served));
        serveAll(table, ApiKeys.OFFSET_DELETE, new OffsetDeleteHandler(served));
        serveAll(table, ApiKeys.CONSUMER_GROUP_HEARTBEAT, new ConsumerGroupHeartbeatHandler(served));
        serveAll(table, ApiKeys.CONSUMER_GROUP_DESCRIBE, new ConsumerGroupDescribeHandler(served));
    }

    /** In every version that the codec knows. */
    private static <Q extends ApiMessage> void serveAll(ApiTable table, ApiKeys key, Handler<Q> handler) {
        table.serve(key, key.messageType.lowestSupportedVersion(), ApiTable.newest(key), handler);
    }
}
