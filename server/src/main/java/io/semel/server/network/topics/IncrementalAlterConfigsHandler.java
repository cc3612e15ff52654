package io.semel.server.network.topics;

import java.util.List;

import io.semel.server.network.request.Deadline;
import io.semel.server.network.request.DiskTurn;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Outcome;
import io.semel.server.network.request.Served;
import io.semel.wire.message.IncrementalAlterConfigsRequestData;
import io.semel.wire.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import io.semel.wire.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import io.semel.wire.message.IncrementalAlterConfigsResponseData;
import io.semel.wire.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import io.semel.wire.protocol.Errors;

/** Changes single names of topics' configurations; all of one topic or none. */
public final class IncrementalAlterConfigsHandler implements Handler<IncrementalAlterConfigsRequestData> {
    private final Served served;

    public IncrementalAlterConfigsHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(IncrementalAlterConfigsRequestData request, Exchange exchange) {
        Rights rights = new Rights(served, exchange);
        DiskTurn.answer(served, exchange, Deadline.NEVER, deadline -> {
            IncrementalAlterConfigsResponseData response = new IncrementalAlterConfigsResponseData();
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
        for (AlterableConfig config : resource.configs()) {
            Outcome judged = ConfigOperation.judge(config, resource.configs());
            if (!judged.isDone()) {
                return judged;
            }
        }
        return new ConfigChange(resource.resourceType(), resource.resourceName(), intent,
                before -> ConfigOperation.applyAll(resource.configs(), before)).apply(served, rights, deadline);
    }
}
