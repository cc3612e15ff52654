package io.semel.server.network.cluster;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

import io.semel.server.network.request.Answer;
import io.semel.server.network.request.ApiTable;
import io.semel.server.network.request.BodyHandler;
import io.semel.server.network.request.Exchange;
import io.semel.wire.message.ApiVersionsRequestData;
import io.semel.wire.message.ApiVersionsResponseData;
import io.semel.wire.message.ApiVersionsResponseData.ApiVersion;
import io.semel.wire.message.ApiVersionsResponseData.FinalizedFeatureKey;
import io.semel.wire.message.ApiVersionsResponseData.SupportedFeatureKey;
import io.semel.wire.protocol.ByteBufferAccessor;
import io.semel.wire.protocol.Errors;

/**
 * What is served, in which versions. A client that asks in a version which nobody here knows is answered in version 0,
 * with what there is, and asks again (KIP-511).
 */
public final class ApiVersionsHandler implements BodyHandler {
    /**
     * Kafka's features, each at the level that we speak. {@code transaction.version} 2 tells clients that epochs rise
     * at every end and partitions need not be added (KIP-890).
     */
    private static final List<Feature> FEATURES = List.of(new Feature("transaction.version", 2), new Feature(
            "group.version", 1));

    private final ApiTable table;

    private record Feature(String name, int level) {
    }

    public ApiVersionsHandler(ApiTable table) {
        this.table = table;
    }

    /** The one level of a feature that is spoken; empty when nobody here knows it. */
    static Optional<Integer> levelOf(String feature) {
        return FEATURES.stream().filter(each -> each.name.equals(feature)).map(Feature::level).findFirst();
    }

    @Override
    public void handle(ByteBuffer body, Exchange exchange) {
        ApiTable.Entry own = table.find(exchange.key());
        if (!own.serves(exchange.version())) {
            exchange.answer(new Answer.Message(versions(Errors.UNSUPPORTED_VERSION), (short) 0));
            return;
        }
        ApiVersionsRequestData request = new ApiVersionsRequestData(new ByteBufferAccessor(body), exchange.version());
        if (exchange.version() >= 3) {
            exchange.peer().uses(request.clientSoftwareName(), request.clientSoftwareVersion());
        }
        ApiVersionsResponseData response = versions(Errors.NONE);
        for (Feature feature : FEATURES) {
            response.supportedFeatures().add(new SupportedFeatureKey().setName(feature.name).setMinVersion((short) 0)
                    .setMaxVersion((short) feature.level));
            response.finalizedFeatures().add(new FinalizedFeatureKey().setName(feature.name).setMinVersionLevel(
                    (short) feature.level).setMaxVersionLevel((short) feature.level));
        }
        response.setFinalizedFeaturesEpoch(0);
        exchange.answer(response);
    }

    private ApiVersionsResponseData versions(Errors error) {
        ApiVersionsResponseData response = new ApiVersionsResponseData().setErrorCode(error.code());
        for (ApiTable.Entry entry : table.all()) {
            response.apiKeys().add(new ApiVersion().setApiKey(entry.key().id).setMinVersion(entry.advertised())
                    .setMaxVersion(entry.highest()));
        }
        return response;
    }
}
