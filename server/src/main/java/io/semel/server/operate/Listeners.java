package io.semel.server.operate;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.semel.server.UsageException;
import io.semel.server.network.Place;
import io.semel.server.network.request.ServerSettings;

/**
 * Where to listen, as Kafka writes it: {@code NAME://host:port}, with commas between. Immutable.
 *
 * @param host       never empty
 * @param advertised as given; empty where clients are told the same
 */
record Listeners(String host, int port, String advertised, int advertisedPort) {
    static final int DEFAULT_PORT = 9092;
    static final String LOOPBACK = "127.0.0.1";
    static final String EVERYWHERE = "0.0.0.0";
    private static final int MAX_PORT = 65_535;

    private record Endpoint(String name, String host, int port) {
    }

    /** From {@code listeners} and its kin; those for controllers, which are not here, are read over. */
    static Listeners of(ServerSettings settings, String controllerNames) {
        Set<String> controllers = Arrays.stream(controllerNames.split(",")).map(String::trim).collect(Collectors
                .toSet());
        Map<String, String> protocols = protocols(settings.text("listener.security.protocol.map"));
        Endpoint own = only("listeners", settings, controllers, protocols, new Endpoint("PLAINTEXT", LOOPBACK,
                DEFAULT_PORT));
        Endpoint told = only("advertised.listeners", settings, controllers, protocols, new Endpoint("", "", 0));
        // Kafka listens everywhere when no host is named, and so do we.
        return new Listeners(own.host.isEmpty() ? EVERYWHERE : own.host, own.port, told.host, told.port);
    }

    /** The flag's {@code host:port}, either half of which may be left away: nobody listens everywhere by leaving it. */
    static String ofFlag(String given) {
        String whole = given.contains(":") ? given : given + ':' + DEFAULT_PORT;
        return whole.startsWith(":") ? LOOPBACK + whole : whole;
    }

    /** {@code host:port}, {@code host} or {@code :port}. */
    static InetSocketAddress address(String option, String given, int usualPort) {
        Endpoint parsed = endpoint(option, "PLAINTEXT://" + (given.contains(":") ? given : given + ':' + usualPort));
        return new InetSocketAddress(parsed.host.isEmpty() ? LOOPBACK : parsed.host, parsed.port);
    }

    private static Endpoint only(String name, ServerSettings settings, Set<String> controllers,
            Map<String, String> protocols, Endpoint usual) {
        String given = settings.text(name);
        if (given.isBlank()) {
            return usual;
        }
        List<Endpoint> endpoints = Arrays.stream(given.split(",")).map(String::trim).map(each -> endpoint(name, each))
                .filter(each -> !controllers.contains(each.name) && !each.name.equals("CONTROLLER")).toList();
        if (endpoints.size() != 1) {
            throw new UsageException(name + " must name one listener beside those of controllers: given=" + given
                    + "; more ports are had by semel.brokers");
        }
        Endpoint endpoint = endpoints.get(0);
        String protocol = protocols.getOrDefault(endpoint.name, endpoint.name);
        if (!protocol.equals("PLAINTEXT")) {
            throw new UsageException(name + ": protocol not served: " + protocol + " in " + given
                    + "; served is PLAINTEXT. Name another listener so in listener.security.protocol.map");
        }
        return endpoint;
    }

    private static Map<String, String> protocols(String given) {
        Map<String, String> protocols = new HashMap<>();
        for (String pair : given.split(",")) {
            int colon = pair.indexOf(':');
            if (colon > 0) {
                protocols.put(pair.substring(0, colon).trim().toUpperCase(Locale.ROOT), pair.substring(colon + 1).trim()
                        .toUpperCase(Locale.ROOT));
            }
        }
        return protocols;
    }

    private static Endpoint endpoint(String setting, String given) {
        int slashes = given.indexOf("://");
        int colon = given.lastIndexOf(':');
        if (slashes > 0 && colon > slashes + 2) {
            String host = given.substring(slashes + 3, colon);
            try {
                int port = Integer.parseInt(given.substring(colon + 1).trim());
                if (port >= 0 && port <= MAX_PORT) {
                    return new Endpoint(given.substring(0, slashes).toUpperCase(Locale.ROOT), unbracketed(host), port);
                }
            } catch (NumberFormatException e) {
                // Said below, with everything else that is none.
            }
        }
        throw new UsageException(setting + " must be host:port, the port 0.." + MAX_PORT + ": given=" + given.replace(
                "PLAINTEXT://", ""));
    }

    /** An address of IPv6 stands in brackets. */
    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /** One place for each broker: consecutive ports, or any that are free. */
    List<Place> places(int brokers) {
        List<Place> places = new ArrayList<>();
        for (int index = 0; index < brokers; index++) {
            if (port + index > MAX_PORT) {
                throw new UsageException("no port is left for broker " + (index + 1) + " of " + brokers + ": they"
                        + " begin at " + port);
            }
            places.add(new Place(new InetSocketAddress(host, port == 0 ? 0 : port + index), toldHost(),
                    advertisedPort == 0 ? 0 : advertisedPort + index));
        }
        return places;
    }

    /** Nobody can connect to "everywhere": who is told of it must be told a name. */
    private String toldHost() {
        if (!advertised.isEmpty()) {
            return advertised;
        }
        if (!isEverywhere()) {
            return host;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            throw new UsageException("this machine does not know its own name, so clients can't be told where to"
                    + " connect; give --advertised-host", e);
        }
    }

    private boolean isEverywhere() {
        InetAddress address = new InetSocketAddress(host, 0).getAddress();
        return address != null && address.isAnyLocalAddress();
    }

    /** Whether others than this machine can come. */
    boolean isOpenToOthers() {
        InetAddress address = new InetSocketAddress(host, port).getAddress();
        return address == null || !address.isLoopbackAddress();
    }
}
