package io.semel.server.network;

import java.nio.file.Path;

import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

class WireClientTest {
    @TempDir
    Path directory;

    @Test
    void answersComeInTheOrderOfTheirRequestsAndInTheirVersions() throws Exception {
        try (OpenServer open = OpenServer.in(directory); WireClient client = WireClient.to(open.server().port())) {
            ApiVersionsRequestData named = new ApiVersionsRequestData().setClientSoftwareName("wire")
                    .setClientSoftwareVersion("1");
            WireClient.Sent first = client.send(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData());
            WireClient.Sent second = client.send(ApiKeys.API_VERSIONS, 4, named);
            ApiVersionsResponseData old = client.receive(first);
            ApiVersionsResponseData young = client.receive(second);
            assertNotNull(old.apiKeys().find(ApiKeys.METADATA.id));
            assertEquals(old.apiKeys().size(), young.apiKeys().size());
            assertNotNull(young.supportedFeatures().find("transaction.version"));
        }
    }
}
