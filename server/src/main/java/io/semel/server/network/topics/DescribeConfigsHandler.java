package io.semel.server.network.topics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Node;
import io.semel.server.network.request.Outcome;
import io.semel.server.network.request.Served;
import io.semel.transactions.broker.Topic;
import io.semel.wire.message.DescribeConfigsRequestData;
import io.semel.wire.message.DescribeConfigsRequestData.DescribeConfigsResource;
import io.semel.wire.message.DescribeConfigsResponseData;
import io.semel.wire.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import io.semel.wire.message.DescribeConfigsResponseData.DescribeConfigsResult;
import io.semel.wire.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import io.semel.wire.protocol.Errors;

/** Describes the configuration of topics, nodes and their loggers. Of groups and metrics nothing is configured. */
public final class DescribeConfigsHandler implements Handler<DescribeConfigsRequestData> {
    private final Served served;

    public DescribeConfigsHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(DescribeConfigsRequestData request, Exchange exchange) {
        Rights rights = new Rights(served, exchange);
        DescribeConfigsResponseData response = new DescribeConfigsResponseData();
        for (DescribeConfigsResource wanted : request.resources()) {
            DescribeConfigsResult result = describe(wanted, request, rights);
            response.results().add(result.setResourceType(wanted.resourceType()).setResourceName(wanted
                    .resourceName()));
        }
        exchange.answer(response);
    }

    private DescribeConfigsResult describe(DescribeConfigsResource wanted, DescribeConfigsRequestData request,
            Rights rights) {
        Optional<ResourceKind> kind = ResourceKind.find(wanted.resourceType());
        if (kind.isEmpty()) {
            return refused(Outcome.refused(Errors.INVALID_REQUEST, "nothing of this kind has a configuration: type="
                    + wanted.resourceType()));
        }
        return switch (kind.get()) {
            case TOPIC -> describeTopic(wanted, request, rights);
            case BROKER, BROKER_LOGGER, CLIENT_METRICS, GROUP -> rights.onCluster(Operation.DESCRIBE_CONFIGS)
                    ? describeNode(kind.get(), wanted, request)
                    : refused(Outcome.refused(kind.get() == ResourceKind.GROUP
                            ? Errors.GROUP_AUTHORIZATION_FAILED
                            : Errors.CLUSTER_AUTHORIZATION_FAILED));
        };
    }

    private DescribeConfigsResult describeTopic(DescribeConfigsResource wanted, DescribeConfigsRequestData request,
            Rights rights) {
        if (!rights.onTopic(Operation.DESCRIBE_CONFIGS, wanted.resourceName())) {
            return refused(Outcome.refused(Errors.TOPIC_AUTHORIZATION_FAILED));
        }
        Optional<Topic> topic = served.broker().findTopic(wanted.resourceName());
        return topic.map(found -> described(ConfigDescription.of(served.broker(), found), wanted, request, found
                .isInternal())).orElseGet(() -> refused(Outcome.refused(Errors.UNKNOWN_TOPIC_OR_PARTITION)));
    }

    private DescribeConfigsResult describeNode(ResourceKind kind, DescribeConfigsResource wanted,
            DescribeConfigsRequestData request) {
        if (kind == ResourceKind.CLIENT_METRICS || kind == ResourceKind.GROUP || kind == ResourceKind.BROKER && wanted
                .resourceName().isEmpty()) {
            // The empty name stands for what was changed for all nodes while they run: nothing can be.
            return described(List.of(), wanted, request, true);
        }
        Optional<Node> node = served.nodes().all().stream().filter(each -> Integer.toString(each.id()).equals(wanted
                .resourceName())).findFirst();
        if (node.isEmpty()) {
            return refused(Outcome.refused(Errors.INVALID_REQUEST, "no such node: given=" + wanted.resourceName()
                    + " nodes=" + served.nodes().all().stream().map(Node::id).toList()));
        }
        return described(kind == ResourceKind.BROKER ? NodeConfigs.of(served, node.get()) : NodeConfigs.loggers(),
                wanted, request, true);
    }

    private static DescribeConfigsResult refused(Outcome outcome) {
        return new DescribeConfigsResult().setErrorCode(outcome.code()).setErrorMessage(outcome.message());
    }

    private static DescribeConfigsResult described(List<ConfigDescription> all, DescribeConfigsResource wanted,
            DescribeConfigsRequestData request, boolean isReadOnly) {
        DescribeConfigsResult result = new DescribeConfigsResult().setErrorMessage(null);
        for (ConfigDescription each : all) {
            if (wanted.configurationKeys() == null || wanted.configurationKeys().contains(each.name())) {
                DescribeConfigsResourceResult entry = new DescribeConfigsResourceResult().setName(each.name()).setValue(
                        each.value()).setReadOnly(isReadOnly).setConfigSource(each.source().code()).setConfigType(each
                                .kindCode()).setSynonyms(request.includeSynonyms() ? synonyms(each) : List.of());
                result.configs().add(entry.setDocumentation(request.includeDocumentation()
                        ? each.documentation()
                        : null));
            }
        }
        return result;
    }

    /** Everybody who says something about the name, the one who is heard first. */
    private static List<DescribeConfigsSynonym> synonyms(ConfigDescription each) {
        List<DescribeConfigsSynonym> synonyms = new ArrayList<>();
        ConfigSource below = each.source();
        if (each.source() == ConfigSource.TOPIC) {
            synonyms.add(new DescribeConfigsSynonym().setName(each.name()).setValue(each.value()).setSource(each
                    .source()
                    .code()));
            below = ConfigSource.DEFAULT;
        }
        synonyms.add(new DescribeConfigsSynonym().setName(each.ofBroker()).setValue(each.defaultValue()).setSource(below
                .code()));
        return synonyms;
    }
}
