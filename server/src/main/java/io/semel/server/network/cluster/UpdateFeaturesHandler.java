package io.semel.server.network.cluster;

import java.util.Optional;

import io.semel.server.network.request.Authorizer;
import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Authorizer.Resource;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.wire.message.UpdateFeaturesRequestData;
import io.semel.wire.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import io.semel.wire.message.UpdateFeaturesResponseData;
import io.semel.wire.message.UpdateFeaturesResponseData.UpdatableFeatureResult;
import io.semel.wire.protocol.Errors;

/** Features stand at the level that this release speaks: asked for that they are there, for another they are not. */
public final class UpdateFeaturesHandler implements Handler<UpdateFeaturesRequestData> {
    /** From here on one refusal is that of the whole request. */
    private static final int ALL_OR_NONE = 2;

    private final Served served;

    public UpdateFeaturesHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(UpdateFeaturesRequestData request, Exchange exchange) {
        UpdateFeaturesResponseData response = new UpdateFeaturesResponseData().setErrorMessage(null);
        if (!served.authorizer().allows(exchange.peer(), Operation.ALTER, Resource.CLUSTER,
                Authorizer.CLUSTER_NAME)) {
            Errors refusal = Errors.CLUSTER_AUTHORIZATION_FAILED;
            exchange.answer(response.setErrorCode(refusal.code()).setErrorMessage(refusal.message()));
            return;
        }
        for (FeatureUpdateKey update : request.featureUpdates()) {
            Optional<String> refusal = refusalOf(update);
            if (refusal.isPresent() && exchange.version() >= ALL_OR_NONE) {
                exchange.answer(response.setErrorCode(Errors.INVALID_UPDATE_VERSION.code()).setErrorMessage(refusal
                        .get()));
                return;
            }
            response.results().add(new UpdatableFeatureResult().setFeature(update.feature()).setErrorCode(refusal
                    .isPresent() ? Errors.INVALID_UPDATE_VERSION.code() : Errors.NONE.code()).setErrorMessage(refusal
                            .orElse(null)));
        }
        exchange.answer(response);
    }

    private static Optional<String> refusalOf(FeatureUpdateKey update) {
        Optional<Integer> level = ApiVersionsHandler.levelOf(update.feature());
        if (level.isEmpty()) {
            return Optional.of("no such feature here: " + update.feature());
        }
        return level.get() == update.maxVersionLevel() ? Optional.empty() : Optional.of("feature not changed: " + update
                .feature() + " given=" + update.maxVersionLevel() + " now=" + level.get()
                + "; it is what this release speaks, and each client chooses by itself what it speaks of that");
    }
}
