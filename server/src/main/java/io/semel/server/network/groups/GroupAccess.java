package io.semel.server.network.groups;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Authorizer.Resource;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Served;
import io.semel.wire.protocol.Errors;

/** Who may do what with a group, and the codes for who may not. Stateless. */
final class GroupAccess {
    /** What there is to be allowed of a group, as Kafka lists it. */
    private static final Operation[] OPERATIONS = {Operation.READ, Operation.DELETE, Operation.DESCRIBE,
        Operation.DESCRIBE_CONFIGS, Operation.ALTER_CONFIGS};

    private GroupAccess() {
    }

    /** @return NONE, or the code that refuses */
    static Errors check(Served served, Exchange exchange, Operation operation, String groupId) {
        if (!served.authorizer().allows(exchange.peer(), operation, Resource.GROUP, groupId)) {
            return Errors.GROUP_AUTHORIZATION_FAILED;
        }
        return Errors.NONE;
    }

    /** The same for what only a group with a name can be asked. */
    static Errors checkNamed(Served served, Exchange exchange, Operation operation, String groupId) {
        Errors refusal = check(served, exchange, operation, groupId);
        return refusal == Errors.NONE && groupId.isEmpty() ? Errors.INVALID_GROUP_ID : refusal;
    }

    static boolean allowsTopic(Served served, Exchange exchange, Operation operation, String topic) {
        return served.authorizer().allows(exchange.peer(), operation, Resource.TOPIC, topic);
    }

    /** One bit for each operation that this peer may do with the group, at the operation's code. */
    static int allowedOperations(Served served, Exchange exchange, String groupId) {
        int bits = 0;
        for (Operation operation : OPERATIONS) {
            if (served.authorizer().allows(exchange.peer(), operation, Resource.GROUP, groupId)) {
                bits |= 1 << operation.code();
            }
        }
        return bits;
    }
}
