package io.semel.server.network.request;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Who is at the other end of a connection.
 *
 * <p>Thread rule: changed by the connection's event loop; what it says is read by any thread.
 */
public final class Peer {
    /** Of whoever has not said who he is (as in Kafka). */
    public static final String ANONYMOUS = "User:ANONYMOUS";

    private static final AtomicLong NUMBERS = new AtomicLong();

    private final long number = NUMBERS.incrementAndGet();
    private final String host;
    private final Node node;
    private volatile String principal = ANONYMOUS;
    private volatile String software = "unknown";
    private volatile String softwareVersion = "";
    private volatile boolean superseded;

    /**
     * @param host address of the client, without a port
     * @param node the broker that it speaks to
     */
    public Peer(String host, Node node) {
        this.host = Objects.requireNonNull(host);
        this.node = Objects.requireNonNull(node);
    }

    public String host() {
        return host;
    }

    /** The same as Kafka shows it. */
    public String shownHost() {
        return '/' + host;
    }

    public Node node() {
        return node;
    }

    /** Rises from each connection to the next one that is accepted. */
    public long number() {
        return number;
    }

    /** Who speaks here has opened another connection since: nothing that this one still has is begun. */
    public void supersede() {
        superseded = true;
    }

    public boolean isSuperseded() {
        return superseded;
    }

    /** As Kafka names it: {@code User:name}. */
    public String principal() {
        return principal;
    }

    public void becomes(String newPrincipal) {
        principal = newPrincipal;
    }

    /** The client's library, as it says in ApiVersions (KIP-511). */
    public String software() {
        return software;
    }

    public String softwareVersion() {
        return softwareVersion;
    }

    public void uses(String library, String version) {
        software = library;
        softwareVersion = version;
    }

    @Override
    public String toString() {
        return principal + '@' + host + " (" + software + ' ' + softwareVersion + ") at node " + node.id();
    }
}
