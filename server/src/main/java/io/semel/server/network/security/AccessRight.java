package io.semel.server.network.security;

import io.semel.server.network.request.Authorizer;
import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Authorizer.Resource;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Outcome;
import io.semel.server.network.request.Served;
import io.semel.wire.protocol.Errors;

/** Who may ask for ACLs, and change them. Stateless. */
final class AccessRight {
    private AccessRight() {
    }

    static Outcome of(Served served, Exchange exchange, Operation operation) {
        if (served.authorizer() == Authorizer.ALLOW_ALL) {
            return Outcome.refused(Errors.SECURITY_DISABLED,
                    "nobody goes by ACLs here: start the server with an authorizer");
        }
        return served.authorizer().allows(exchange.peer(), operation, Resource.CLUSTER, Authorizer.CLUSTER_NAME)
                ? Outcome.DONE
                : Outcome.refused(Errors.CLUSTER_AUTHORIZATION_FAILED);
    }
}
