package io.semel.server.network.fetch;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.netty.util.ResourceLeakDetector;
import io.semel.server.network.OpenServer;
import io.semel.server.network.WireClient;

import com.sun.management.ThreadMXBean;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the server's threads allocate for a fetch does not depend on how much is fetched: no byte of it is copied. */
class FetchAllocationTest {
    private static final int FETCHES = 200;
    private static final int ROUNDS = 5;
    private static final int RECORDS = 1_000;

    /** Of one fetch from one partition: the request, the reader, the answer's parts, netty's tasks; measured: 2,800. */
    private static final long MAX_BYTES_PER_FETCH = 6_000;

    @TempDir
    Path directory;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final ResourceLeakDetector.Level leakDetection = ResourceLeakDetector.getLevel();

    /** At its highest level it notes a stack for every touch of a buffer: that is not what a fetch allocates. */
    @BeforeEach
    void countWithoutLeakDetection() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }

    @AfterEach
    void detectLeaksAgain() {
        ResourceLeakDetector.setLevel(leakDetection);
    }

    @Test
    void aFetchAllocatesTheSameForABatchAndForAThousand() throws Exception {
        try (OpenServer open = OpenServer.in(directory); WireClient client = WireClient.to(open.server().port())) {
            open.semel().admin().createTopic("orders", 1, Map.of());
            try (Owner owner = new Owner(open.semel())) {
                owner.write("orders", 0, Owner.values("v", RECORDS, 1_000));
            }
            long forOne = leastPerFetch(client, 1);
            long forAll = leastPerFetch(client, 2 << 20);
            assertTrue(forAll < MAX_BYTES_PER_FETCH && forOne < MAX_BYTES_PER_FETCH,
                    () -> "bytes allocated by a fetch: "
                            + forOne + " of one batch, " + forAll + " of a thousand");
        }
    }

    private long leastPerFetch(WireClient client, int maxBytes) throws IOException {
        FetchRequestData request = new FetchRequestData().setMaxBytes(maxBytes).setTopics(List.of(new FetchTopic()
                .setTopic("orders").setPartitions(List.of(new FetchPartition().setPartitionMaxBytes(maxBytes)))));
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = allocatedByServer();
            for (int fetch = 0; fetch < FETCHES; fetch++) {
                client.send(ApiKeys.FETCH, 12, request);
                client.receiveRaw();
            }
            least = Math.min(least, (allocatedByServer() - before) / FETCHES);
        }
        return least;
    }

    private long allocatedByServer() {
        long bytes = 0;
        for (long id : threads.getAllThreadIds()) {
            if (threads.getThreadInfo(id) != null && threads.getThreadInfo(id).getThreadName().startsWith(
                    "semel-network")) {
                bytes += threads.getThreadAllocatedBytes(id);
            }
        }
        return bytes;
    }
}
