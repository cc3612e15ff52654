package io.semel.server.network;

import io.semel.server.network.cluster.ApiVersionsHandler;
import io.semel.server.network.cluster.DescribeClusterHandler;
import io.semel.server.network.cluster.MetadataHandler;
import io.semel.server.network.fetch.DeleteRecordsHandler;
import io.semel.server.network.fetch.FetchHandler;
import io.semel.server.network.fetch.ListOffsetsHandler;
import io.semel.server.network.fetch.OffsetForLeaderEpochHandler;
import io.semel.server.network.produce.ProduceHandler;
import io.semel.server.network.produce.ProduceVersions;
import io.semel.server.network.request.ApiTable;
import io.semel.server.network.request.Served;
import io.semel.wire.protocol.ApiKeys;

/** Every API key that is served, with its versions and who answers it. Stateless. */
public final class ServedApis {
    private ServedApis() {
    }

    public static ApiTable of(Served served) {
        ApiTable table = new ApiTable();
        cluster(table, served);
        produce(table, served);
        fetch(table, served);
        return table;
    }

    private static void cluster(ApiTable table, Served served) {
        table.serve(new ApiTable.Entry(ApiKeys.API_VERSIONS, (short) 0, (short) 0, (short) ApiTable.newest(
                ApiKeys.API_VERSIONS), ApiTable.Overlap.ONE_AT_A_TIME, new ApiVersionsHandler(table)));
        table.serve(ApiKeys.METADATA, 0, ApiTable.newest(ApiKeys.METADATA), new MetadataHandler(served));
        table.serve(ApiKeys.DESCRIBE_CLUSTER, 0, ApiTable.newest(ApiKeys.DESCRIBE_CLUSTER), new DescribeClusterHandler(
                served));
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
}
