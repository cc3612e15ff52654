package io.semel.server.network.request;

/**
 * Who may do what (Kafka's ACLs).
 *
 * <p>Thread rule: any thread; never blocks.
 */
@FunctionalInterface
public interface Authorizer {
    /** Nobody is kept from anything: while no authorizer is configured. */
    Authorizer ALLOW_ALL = (peer, operation, resource, name) -> true;

    /** The one name that a {@link Resource#CLUSTER} has. */
    String CLUSTER_NAME = "kafka-cluster";

    /** Kafka's operations, by its codes of AclOperation. */
    enum Operation {
        READ(3), WRITE(4), CREATE(5), DELETE(6), ALTER(7), DESCRIBE(8), CLUSTER_ACTION(9), DESCRIBE_CONFIGS(
                10), ALTER_CONFIGS(11), IDEMPOTENT_WRITE(12), TWO_PHASE_COMMIT(15);

        private final byte code;

        Operation(int code) {
            this.code = (byte) code;
        }

        public byte code() {
            return code;
        }
    }

    /** Kafka's kinds of resources, by its codes of ResourceType. */
    enum Resource {
        TOPIC(2), GROUP(3), CLUSTER(4), TRANSACTIONAL_ID(5);

        private final byte code;

        Resource(int code) {
            this.code = (byte) code;
        }

        public byte code() {
            return code;
        }
    }

    boolean allows(Peer peer, Operation operation, Resource resource, String name);
}
