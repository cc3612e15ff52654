package io.semel.server.network.topics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.server.network.request.Node;
import io.semel.server.network.request.Served;
import io.semel.transactions.broker.InertConfig.Kind;
import io.semel.transactions.broker.Topic;

/**
 * What a node is configured to, by Kafka's names, and how loud its loggers are. All of it is given when the server is
 * started, so it can be read here and not changed. Stateless.
 */
final class NodeConfigs {
    /** A topic that says nothing has what the node has. */
    private static final Topic ANY_TOPIC = new Topic(new UUID(0, 0), "any", Map.of(), List.of(), List.of());

    /** The rooms of the house, which log under their packages' names; the logging library has the rest. */
    private static final List<String> LOGGERS = List.of(Logger.ROOT_LOGGER_NAME, "io.semel.log",
            "io.semel.idempotence", "io.semel.transactions", "io.semel.client", "io.semel.server");

    private NodeConfigs() {
    }

    static List<ConfigDescription> of(Served served, Node node) {
        List<ConfigDescription> all = new ArrayList<>();
        ConfigDescription.of(served.broker(), ANY_TOPIC).forEach(each -> all.add(new ConfigDescription(each.ofBroker(),
                each.value(), each.source(), each.ofBroker(), each.defaultValue(), each.kind(), each
                        .documentation())));
        int nodes = served.nodes().all().size();
        all.add(given("node.id", node.id(), Kind.INT, "Which node this is."));
        all.add(given("broker.id", node.id(), Kind.INT, "Which node this is."));
        all.add(given("log.dirs", served.broker().path(), Kind.STRING, "The directory that is served."));
        all.add(given("listeners", "PLAINTEXT://" + node.host() + ':' + node.port(), Kind.STRING,
                "Where this node listens."));
        all.add(given("default.replication.factor", nodes, Kind.INT,
                "Nodes of this server. There is one copy of the data, whatever it says."));
        all.add(given("offsets.topic.replication.factor", nodes, Kind.INT, "As default.replication.factor."));
        all.add(given("transaction.state.log.replication.factor", nodes, Kind.INT, "As default.replication.factor."));
        all.add(given("auto.create.topics.enable", served.settings().autoCreateTopics(), Kind.BOOLEAN,
                "Whether asking for a topic's metadata creates it."));
        all.add(given("num.partitions", served.settings().defaultPartitions(), Kind.INT,
                "Of a topic that is created without a count."));
        all.add(given("socket.request.max.bytes", served.settings().maxFrameBytes(), Kind.INT,
                "A larger request ends its connection."));
        all.add(given("max.connections", served.settings().maxConnections(), Kind.INT, "More are closed at once."));
        all.add(given("connections.max.idle.ms", served.settings().maxIdle().toMillis(), Kind.LONG,
                "A connection that says nothing for so long is closed."));
        all.add(given("queued.max.request.bytes", served.settings().queuedBytes(), Kind.LONG,
                "Of requests that are read and not answered; past it nothing is read."));
        all.sort(Comparator.comparing(ConfigDescription::name));
        return all;
    }

    private static ConfigDescription given(String name, Object value, Kind kind, String documentation) {
        String text = value.toString();
        return new ConfigDescription(name, text, ConfigSource.STATIC_BROKER, name, text, kind, documentation);
    }

    /** What the loggers let through now, as far as the logging library tells. */
    static List<ConfigDescription> loggers() {
        return LOGGERS.stream().map(name -> given(name, levelOf(LoggerFactory.getLogger(name)), Kind.STRING,
                "Set where the logging library is configured.")).toList();
    }

    private static String levelOf(Logger logger) {
        if (logger.isTraceEnabled()) {
            return "TRACE";
        }
        if (logger.isDebugEnabled()) {
            return "DEBUG";
        }
        if (logger.isInfoEnabled()) {
            return "INFO";
        }
        return logger.isWarnEnabled() ? "WARN" : "ERROR";
    }
}
