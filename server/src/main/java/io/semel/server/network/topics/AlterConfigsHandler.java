package io.semel.server.network.topics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.semel.server.network.request.Deadline;
import io.semel.server.network.request.DiskTurn;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Outcome;
import io.semel.server.network.request.Served;
import io.semel.wire.message.AlterConfigsRequestData;
import io.semel.wire.message.AlterConfigsRequestData.AlterConfigsResource;
import io.semel.wire.message.AlterConfigsRequestData.AlterableConfig;
import io.semel.wire.message.AlterConfigsResponseData;
import io.semel.wire.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import io.semel.wire.protocol.Errors;

/** Replaces the configuration of topics, each as a whole. */
public final class AlterConfigsHandler implements Handler<AlterConfigsRequestData> {
    private final Served served;

    public AlterConfigsHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(AlterConfigsRequestData request, Exchange exchange) {
        Rights rights = new Rights(served, exchange);
        DiskTurn.answer(served, exchange, Deadline.NEVER, deadline -> {
            AlterConfigsResponseData response = new AlterConfigsResponseData();
            for (AlterConfigsResource resource : request.resources()) {
                List<AlterConfigsResource> all = request.resources().findAll(resource.resourceType(), resource
                        .resourceName());
                Outcome outcome = all.size() > 1
                        ? Outcome.refused(Errors.INVALID_REQUEST, "the request names this resource more than once: "
                                + resource.resourceName())
                        : alter(resource, Intent.of(request.validateOnly()), deadline, rights);
                response.responses().add(new AlterConfigsResourceResponse().setResourceType(resource.resourceType())
                        .setResourceName(resource.resourceName()).setErrorCode(outcome.code()).setErrorMessage(outcome
                                .message()));
            }
            return response;
        });
    }

    private Outcome alter(AlterConfigsResource resource, Intent intent, Deadline deadline, Rights rights) {
        Map<String, String> configs = new HashMap<>();
        for (AlterableConfig config : resource.configs()) {
            if (config.value() == null || configs.put(config.name(), config.value()) != null) {
                return Outcome.refused(Errors.INVALID_REQUEST, "configuration without a value, or named twice: "
                        + config.name());
            }
        }
        return new ConfigChange(resource.resourceType(), resource.resourceName(), intent, before -> configs)
                .apply(served, rights, deadline);
    }
}
