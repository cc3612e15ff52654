package io.semel.server.network.topics;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Deadline;
import io.semel.server.network.request.Outcome;
import io.semel.server.network.request.Served;
import io.semel.transactions.broker.ConfigNames;
import io.semel.wire.protocol.Errors;

/**
 * A change of what one resource is configured to: a topic's is made, everything else is given when the server starts.
 *
 * @param type Kafka's code of the resource's kind
 */
record ConfigChange(byte type, String name, Intent intent, UnaryOperator<Map<String, String>> change) {

    Outcome apply(Served served, Rights rights, Deadline deadline) {
        Optional<ResourceKind> kind = ResourceKind.find(type);
        if (kind.isEmpty()) {
            return Outcome.refused(Errors.INVALID_REQUEST, "nothing of this kind has a configuration: type=" + type);
        }
        return switch (kind.get()) {
            case TOPIC -> rights.onTopic(Operation.ALTER_CONFIGS, name)
                    ? Outcome.of(deadline, () -> applyToTopic(served))
                    : Outcome.refused(Errors.TOPIC_AUTHORIZATION_FAILED);
            case BROKER, BROKER_LOGGER, CLIENT_METRICS, GROUP -> rights.onCluster(Operation.ALTER_CONFIGS)
                    ? refused(kind.get())
                    : Outcome.refused(kind.get() == ResourceKind.GROUP
                            ? Errors.GROUP_AUTHORIZATION_FAILED
                            : Errors.CLUSTER_AUTHORIZATION_FAILED);
        };
    }

    private void applyToTopic(Served served) throws IOException {
        if (intent == Intent.LOOK) {
            served.broker().requireConfigurable(name, change, ConfigNames.KAFKAS);
        } else {
            served.broker().configureTopic(name, change, ConfigNames.KAFKAS);
        }
    }

    private Outcome refused(ResourceKind kind) {
        String why = switch (kind) {
            case BROKER -> "a node's configuration is given when the server is started: set it there, and start again";
            case BROKER_LOGGER -> "levels are set where the logging library is configured";
            case GROUP -> "groups go by what their members ask for";
            case CLIENT_METRICS -> "clients are not asked for their metrics";
            case TOPIC -> throw new IllegalStateException("topics can be configured");
        };
        return Outcome.refused(Errors.INVALID_REQUEST, "not changed: " + kind + ' ' + name + "; " + why);
    }
}
