package io.semel.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

import io.semel.client.Semel;
import io.semel.server.network.Place;
import io.semel.server.network.request.Authorizer;
import io.semel.server.network.request.ServerSettings;

/** A server that goes by an authorizer, for tests of other packages. */
public final class GuardedServer {
    private GuardedServer() {
    }

    public static SemelServer listen(Semel semel, Authorizer authorizer) throws IOException {
        return SemelServer.listen(semel, List.of(Place.at(new InetSocketAddress("127.0.0.1", 0))),
                ServerSettings.DEFAULT,
                authorizer);
    }
}
