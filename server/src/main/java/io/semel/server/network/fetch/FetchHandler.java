package io.semel.server.network.fetch;

import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.transactions.partition.Isolation;
import io.semel.wire.message.FetchRequestData;

/** Records of many partitions at once, as they stand in the log; waits for more if the client wants to. */
public final class FetchHandler implements Handler<FetchRequestData> {
    /** Kafka's {@code fetch.max.bytes}: whatever a client wants, and one batch more. */
    static final int MAX_BYTES = 55 << 20;

    private static final byte READ_COMMITTED = 1;

    private final Served served;
    private final FetchSessions sessions;

    public FetchHandler(Served served) {
        this.served = served;
        this.sessions = new FetchSessions(served.clock());
    }

    @Override
    public void handle(FetchRequestData request, Exchange exchange) {
        FetchScope scope = FetchScope.of(request, exchange.version(), sessions);
        Isolation isolation = request.isolationLevel() == READ_COMMITTED
                ? Isolation.READ_COMMITTED
                : Isolation.READ_UNCOMMITTED;
        int maxBytes = Math.min(request.maxBytes(), MAX_BYTES);
        int minBytes = Math.min(request.minBytes(), maxBytes);
        new Fetch(exchange, scope, new PartitionFetcher(served, exchange.peer(), isolation, maxBytes), minBytes, request
                .maxWaitMs()).begin();
    }
}
