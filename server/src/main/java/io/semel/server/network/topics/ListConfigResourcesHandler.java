package io.semel.server.network.topics;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.transactions.broker.Topic;
import io.semel.wire.message.ListConfigResourcesRequestData;
import io.semel.wire.message.ListConfigResourcesResponseData;
import io.semel.wire.message.ListConfigResourcesResponseData.ConfigResource;
import io.semel.wire.protocol.Errors;

/** What has a configuration. Version 0 asks for subscriptions of clients' metrics alone: there are none. */
public final class ListConfigResourcesHandler implements Handler<ListConfigResourcesRequestData> {
    private static final int WITH_TYPES = 1;

    private final Served served;

    public ListConfigResourcesHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(ListConfigResourcesRequestData request, Exchange exchange) {
        exchange.answer(list(request, exchange));
    }

    private ListConfigResourcesResponseData list(ListConfigResourcesRequestData request, Exchange exchange) {
        ListConfigResourcesResponseData response = new ListConfigResourcesResponseData();
        if (!new Rights(served, exchange).onCluster(Operation.DESCRIBE_CONFIGS)) {
            return response.setErrorCode(Errors.CLUSTER_AUTHORIZATION_FAILED.code());
        }
        if (exchange.version() < WITH_TYPES) {
            return response;
        }
        List<Byte> types = request.resourceTypes().isEmpty()
                ? Arrays.stream(ResourceKind.values()).map(ResourceKind::code).toList()
                : request.resourceTypes();
        if (types.stream().anyMatch(type -> ResourceKind.find(type).isEmpty())) {
            return response.setErrorCode(Errors.UNSUPPORTED_VERSION.code());
        }
        types.stream().map(type -> ResourceKind.find(type).orElseThrow()).distinct().forEach(kind -> namesOf(kind)
                .forEach(name -> response.configResources().add(new ConfigResource().setResourceName(name)
                        .setResourceType(kind.code()))));
        return response;
    }

    private Stream<String> namesOf(ResourceKind kind) {
        return switch (kind) {
            case TOPIC -> served.broker().topics().stream().map(Topic::name);
            case BROKER, BROKER_LOGGER -> served.nodes().all().stream().map(node -> Integer.toString(node.id()));
            case CLIENT_METRICS, GROUP -> Stream.empty();
        };
    }
}
