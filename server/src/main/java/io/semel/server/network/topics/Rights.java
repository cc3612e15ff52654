package io.semel.server.network.topics;

import io.semel.server.network.request.Authorizer;
import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Authorizer.Resource;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Served;

/** What the client of a request may do. Thread rule: any thread. */
record Rights(Served served, Exchange exchange) {
    private static final Operation[] OF_TOPICS = {Operation.READ, Operation.WRITE, Operation.CREATE, Operation.DELETE,
        Operation.ALTER, Operation.DESCRIBE, Operation.DESCRIBE_CONFIGS, Operation.ALTER_CONFIGS};

    boolean onTopic(Operation operation, String name) {
        return served.authorizer().allows(exchange.peer(), operation, Resource.TOPIC, name);
    }

    boolean onCluster(Operation operation) {
        return served.authorizer().allows(exchange.peer(), operation, Resource.CLUSTER, Authorizer.CLUSTER_NAME);
    }

    /** A bit for each operation that is allowed, by its code (KIP-430). */
    int bitsOnTopic(String name) {
        int bits = 0;
        for (Operation operation : OF_TOPICS) {
            if (onTopic(operation, name)) {
                bits |= 1 << operation.code();
            }
        }
        return bits;
    }
}
