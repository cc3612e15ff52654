package io.semel.server.network.fetch;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.MessageUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.memory.Region;
import io.semel.server.network.OpenServer;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionSpan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whatever becomes of an answer on its way, the bytes that it lent from the log are given back. */
class FetchLeaseTest {
    private static final short VERSION = 12;
    private static final int LARGE_BYTES = 40 << 20;
    private static final int VALUE_BYTES = 500_000;

    @TempDir
    Path directory;

    private OpenServer open;
    private Partition partition;
    /** Of the segment that all answers are taken from; kept by this test's own lease. */
    private Region region;
    private int leasesAtRest;

    @BeforeEach
    void writeALot() throws IOException {
        open = OpenServer.in(directory);
        open.semel().admin().createTopic("orders", 1, Map.of());
        try (Owner owner = new Owner(open.semel())) {
            owner.write("orders", 0, Owner.values("v", LARGE_BYTES / VALUE_BYTES, VALUE_BYTES));
            partition = owner.partition("orders", 0);
        }
        PartitionSpan span = partition.span(0, 1, PartitionSpan.Least.ONE_BATCH, Isolation.READ_UNCOMMITTED);
        region = span.region();
        leasesAtRest = region.leases();
    }

    @AfterEach
    void close() throws IOException {
        region.release();
        open.close();
    }

    @Test
    void aConnectionThatIsCutWithinALargeAnswerLeavesNoLease() throws Exception {
        try (Socket socket = slowReader()) {
            ask(socket);
            assertTrue(new DataInputStream(socket.getInputStream()).readInt() > LARGE_BYTES / 2);
            assertTrue(region.leases() > leasesAtRest, "the rest of the answer is on its way");
            socket.setSoLinger(true, 0);
        }
        Owner.await("given back", () -> region.leases() == leasesAtRest);
    }

    @Test
    void aServerThatIsClosedWithinALargeAnswerLeavesNoLease() throws Exception {
        try (Socket socket = slowReader()) {
            ask(socket);
            assertTrue(new DataInputStream(socket.getInputStream()).readInt() > LARGE_BYTES / 2);
            assertTrue(region.leases() > leasesAtRest);
            open.server().close();
            Owner.await("given back", () -> region.leases() == leasesAtRest);
        }
    }

    @Test
    void anAnswerThatWasReadGivesBackWhatItLent() throws Exception {
        try (Socket socket = slowReader()) {
            for (int round = 0; round < 3; round++) {
                ask(socket);
                DataInputStream in = new DataInputStream(socket.getInputStream());
                int length = in.readInt();
                assertEquals(length, in.readNBytes(length).length);
            }
            Owner.await("given back", () -> region.leases() == leasesAtRest);
        }
    }

    /** Nobody unmaps, nor deletes, what an answer is made of; once it is gone the files go too. */
    @Test
    void aTopicThatIsDeletedWithinALargeAnswerIsReadToItsEnd() throws Exception {
        try (Socket socket = slowReader()) {
            ask(socket);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            int length = in.readInt();
            open.semel().admin().deleteTopic("orders");
            byte[] frame = in.readNBytes(length);
            assertEquals(length, frame.length);
            assertEquals('x', frame[length - 10], "a value's end");
        }
        Owner.await("given back", () -> region.leases() == 1);
    }

    /** With room for so little that most of an answer waits in the server. */
    private Socket slowReader() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(64 << 10);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), open.server().port()));
        return socket;
    }

    private static void ask(Socket socket) throws IOException {
        FetchRequestData request = new FetchRequestData().setMaxBytes(LARGE_BYTES).setTopics(List.of(new FetchTopic()
                .setTopic("orders").setPartitions(List.of(new FetchPartition().setPartitionMaxBytes(LARGE_BYTES)))));
        ByteBuffer head = MessageUtil.toByteBufferAccessor(new RequestHeaderData().setRequestApiKey(ApiKeys.FETCH.id)
                .setRequestApiVersion(VERSION).setClientId("slow"), ApiKeys.FETCH.requestHeaderVersion(VERSION))
                .buffer();
        ByteBuffer body = MessageUtil.toByteBufferAccessor(request, VERSION).buffer();
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(head.remaining() + body.remaining());
        out.write(head.array(), head.arrayOffset(), head.remaining());
        out.write(body.array(), body.arrayOffset(), body.remaining());
        out.flush();
    }
}
