package io.semel.server.monitor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

import io.semel.log.memory.Budget;
import io.semel.log.memory.Limit;
import io.semel.server.network.Door;
import io.semel.server.network.metrics.ApiMetrics;
import io.semel.server.network.metrics.NetworkMetrics;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.groups.GroupState;
import io.semel.wire.protocol.ApiKeys;

/**
 * Everything that a server shows, once: {@link JmxBeans} and {@link PrometheusText} both read it here.
 *
 * <p>What is not replicated is never behind: those of Kafka's numbers that say so are there, and 0.
 *
 * <p>Thread rule: any thread. Values are computed when they are looked at.
 */
public final class ServerMetrics {
    private static final String SERVER = "kafka.server";
    private static final String NETWORK = "kafka.network";
    private static final String OWN = "io.semel";

    private final List<Metric> all = new ArrayList<>();
    private final Broker broker;
    private final BrokerNumbers numbers;

    public ServerMetrics(Broker broker, Door door) {
        this.broker = broker;
        this.numbers = new BrokerNumbers(broker);
        traffic(door.metrics());
        requests(door);
        connections(door);
        partitions();
        groups();
        transactions();
        budget(broker.budget());
        // Prometheus wants a family in one piece.
        all.sort(Comparator.comparing(metric -> metric.name().family(metric)));
    }

    List<Metric> all() {
        return List.copyOf(all);
    }

    /** With what there is of each partition and group, as Prometheus reads it. */
    String prometheus() {
        PrometheusText text = new PrometheusText();
        all.forEach(text::add);
        new PartitionSamples(broker).addTo(text);
        return text.toString();
    }

    private void traffic(NetworkMetrics network) {
        ApiMetrics produce = network.of(ApiKeys.PRODUCE);
        ApiMetrics fetch = network.of(ApiKeys.FETCH);
        String type = "BrokerTopicMetrics";
        counter(SERVER, type, "BytesInPerSec", "Bytes of produce requests.", produce::requestBytes);
        counter(SERVER, type, "BytesOutPerSec", "Bytes of answers to fetches.", fetch::responseBytes);
        counter(SERVER, type, "TotalProduceRequestsPerSec", "Produce requests.", produce.latency()::count);
        counter(SERVER, type, "TotalFetchRequestsPerSec", "Fetch requests.", fetch.latency()::count);
    }

    private void requests(Door door) {
        for (ApiKeys key : door.servedKeys()) {
            ApiMetrics api = door.metrics().of(key);
            Map<String, String> tags = Map.of("request", key.name);
            String type = "RequestMetrics";
            all.add(new Metric.Counter(new Metric.Name(NETWORK, type, "RequestsPerSec", tags), "Requests answered.",
                    api.latency()::count));
            all.add(new Metric.Timer(new Metric.Name(NETWORK, type, "TotalTimeMs", tags), "From when a request was"
                    + " begun until its answer was handed to the socket.", api.latency()));
            all.add(new Metric.Counter(new Metric.Name(NETWORK, type, "RequestBytesPerSec", tags), "Bytes of"
                    + " requests.", api::requestBytes));
            all.add(new Metric.Counter(new Metric.Name(NETWORK, type, "ResponseBytesPerSec", tags), "Bytes of answers.",
                    api::responseBytes));
        }
    }

    private void connections(Door door) {
        NetworkMetrics network = door.metrics();
        String type = "socket-server-metrics";
        gauge(SERVER, type, "connection-count", "Connections that are open.", door::connectionCount);
        counter(SERVER, type, "connection-creation", "Connections that were let in.", network::connectionsAccepted);
        counter(OWN, "Connections", "Refused", "Above max.connections or max.connections.per.ip.",
                network::connectionsRefused);
        counter(OWN, "Connections", "Idle", "Closed after connections.max.idle.ms.", network::connectionsIdle);
        counter(OWN, "Connections", "Stalled", "Cut off within a request or an answer.", network::connectionsStalled);
        counter(OWN, "Connections", "Failed", "Ended by bytes that mean nothing, or by a bug.",
                network::connectionsFailed);
        counter(OWN, "Connections", "ReadingPaused", "Times that nothing was read because too much was unanswered.",
                network::readingsPaused);
        gauge(NETWORK, "SocketServer", "MemoryPoolUsed", "Bytes of requests that are read and not answered.",
                door::queuedBytes);
        gauge(NETWORK, "SocketServer", "MemoryPoolAvailable", "What may still come of them.", () -> Math.max(0, door
                .queuedBytesLimit() - door.queuedBytes()));
    }

    private void partitions() {
        String replicas = "ReplicaManager";
        gauge(SERVER, replicas, "PartitionCount", "Partitions of users' topics.", numbers::partitions);
        gauge(SERVER, replicas, "LeaderCount", "Those in service.", numbers::online);
        gauge(SERVER, replicas, "OfflineReplicaCount", "Those out of service.", numbers::offline);
        gauge(SERVER, replicas, "UnderReplicatedPartitions", "There is one copy of each, never behind.", () -> 0);
        gauge(SERVER, replicas, "UnderMinIsrPartitionCount", "There is one copy of each, never behind.", () -> 0);
        String controller = "kafka.controller";
        gauge(controller, "KafkaController", "ActiveControllerCount", "This process.", () -> 1);
        gauge(controller, "KafkaController", "OfflinePartitionsCount", "Partitions out of service.", numbers::offline);
        gauge(controller, "KafkaController", "GlobalTopicCount", "Users' topics.", numbers::topics);
        gauge(controller, "KafkaController", "GlobalPartitionCount", "Their partitions.", numbers::partitions);
        gauge(OWN, "Partitions", "StableLag", "Records that committed readers wait for behind open transactions.",
                numbers::stableLag);
    }

    private void groups() {
        String domain = "kafka.coordinator.group";
        String type = "GroupMetadataManager";
        gauge(domain, type, "NumGroups", "Groups with members or offsets.", numbers::groups);
        gauge(domain, type, "NumGroupsStable", "Stable ones.", () -> numbers.groups(GroupState.STABLE));
        gauge(domain, type, "NumGroupsPreparingRebalance", "Whose members join again.", () -> numbers.groups(
                GroupState.PREPARING_REBALANCE));
        gauge(domain, type, "NumGroupsCompletingRebalance", "Whose members wait for their share.", () -> numbers.groups(
                GroupState.COMPLETING_REBALANCE));
        gauge(domain, type, "NumGroupsEmpty", "Without members.", () -> numbers.groups(GroupState.EMPTY));
    }

    private void transactions() {
        gauge(OWN, "Transactions", "Open", "Under way, prepared or being decided.", numbers::openTransactions);
        gauge(OWN, "Transactions", "Ids", "Transactional ids that are remembered.", numbers::transactionalIds);
        counter(OWN, "Transactions", "AbortedByTimeout", "Open longer than transaction.timeout.ms.", broker
                .transactions()::timedOutCount);
    }

    private void budget(Budget budget) {
        limit("OpenFiles", "Files held open", budget.openFiles());
        limit("Mappings", "Mapped files", budget.mappings());
        limit("MappedBytes", "Mapped bytes", budget.mappedBytes());
        limit("Readers", "Open readers", budget.readers());
    }

    private void limit(String name, String what, Limit limit) {
        gauge(OWN, "Budget", name, what + '.', limit::held);
        gauge(OWN, "Budget", name + "Limit", what + ", at most.", limit::most);
    }

    private void gauge(String domain, String type, String name, String help, LongSupplier value) {
        all.add(new Metric.Gauge(Metric.Name.of(domain, type, name), help, value));
    }

    private void counter(String domain, String type, String name, String help, LongSupplier total) {
        all.add(new Metric.Counter(Metric.Name.of(domain, type, name), help, total));
    }
}
