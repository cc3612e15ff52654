package io.semel.verify.contract;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;

import static io.semel.verify.contract.Trial.SHORT;
import static io.semel.verify.contract.Trial.at;
import static io.semel.verify.contract.Trial.outcome;
import static io.semel.verify.contract.Trial.take;

/** A consumer besides reading: wakeup, interruption, one thread at a time, close, and its metrics. */
class ConsumerLifeContractTest {
    @Contract
    void aWakeupEndsThePollUnderWayOrElseTheNext(Trial trial) throws Exception {
        String topic = trial.topic(1);
        Consumer<String, String> consumer = trial.consumer();
        consumer.assign(List.of(at(topic, 0)));
        consumer.poll(SHORT);
        consumer.wakeup();
        consumer.wakeup();
        trial.expect("the next poll", "WakeupException", outcome(() -> consumer.poll(SHORT)));
        trial.expect("once for all", Trial.DONE, outcome(() -> consumer.poll(SHORT)));
        // It counts whether it comes before the poll or within.
        Thread waker = new Thread(consumer::wakeup);
        waker.start();
        trial.expect("the poll under way", "WakeupException", outcome(() -> consumer.poll(Trial.PATIENCE)));
        waker.join();
        consumer.wakeup();
        trial.expect("calls that do not wait", Trial.DONE, outcome(() -> consumer.assignment()));
        trial.expect("close", Trial.DONE, outcome(() -> consumer.close()));
    }

    @Contract
    void aWakeupEndsALookUp(Trial trial) throws Exception {
        String topic = trial.topic(1);
        Consumer<String, String> consumer = trial.member(trial.name("group"));
        consumer.assign(List.of(at(topic, 0)));
        consumer.wakeup();
        trial.expect("committed", "WakeupException", outcome(() -> consumer.committed(Set.of(at(topic, 0)))));
        trial.expect("again", Trial.DONE, outcome(() -> consumer.committed(Set.of(at(topic, 0)))));
        consumer.wakeup();
        trial.expect("position", "WakeupException", outcome(() -> consumer.position(at(topic, 0))));
        trial.expect("position again", Trial.DONE, outcome(() -> consumer.position(at(topic, 0))));
    }

    @Contract
    void aWakeupEndsACommit(Trial trial) throws Exception {
        String topic = trial.topic(1);
        Consumer<String, String> consumer = trial.member(trial.name("group"));
        Map<TopicPartition, OffsetAndMetadata> offsets = Map.of(at(topic, 0), new OffsetAndMetadata(0));
        consumer.assign(List.of(at(topic, 0)));
        consumer.wakeup();
        trial.expect("commitSync", "WakeupException", outcome(() -> consumer.commitSync(offsets)));
        trial.expect("again", Trial.DONE, outcome(() -> consumer.commitSync(offsets)));
        consumer.wakeup();
        trial.expect("commitAsync", Trial.DONE, outcome(() -> consumer.commitAsync(offsets, null)));
    }

    @Contract
    void anInterruptEndsAPollAndTheFlagStays(Trial trial) throws Exception {
        String topic = trial.topic(1);
        Consumer<String, String> consumer = trial.consumer();
        consumer.assign(List.of(at(topic, 0)));
        Thread.currentThread().interrupt();
        String outcome = outcome(() -> consumer.poll(Trial.PATIENCE));
        trial.expect("poll", "InterruptException", outcome);
        trial.expect("flag", true, Thread.interrupted());
        trial.expect("the next poll", Trial.DONE, outcome(() -> consumer.poll(SHORT)));
    }

    @Contract
    void aSecondThreadIsSentAway(Trial trial) throws Exception {
        String topic = trial.topic(1);
        Consumer<String, String> consumer = trial.consumer();
        consumer.assign(List.of(at(topic, 0)));
        // Whoever comes first is in; the poller goes on until that is he.
        Thread poller = new Thread(() -> Trial.until("a poll of its own",
                () -> !outcome(() -> consumer.poll(Trial.PATIENCE)).equals("ConcurrentModificationException")));
        poller.start();
        List<String> outcomes = new CopyOnWriteArrayList<>();
        Trial.until("a second one within", () -> {
            outcomes.add(outcome(() -> consumer.position(at(topic, 0))));
            return !outcomes.get(outcomes.size() - 1).equals(Trial.DONE);
        });
        trial.expect("position", "ConcurrentModificationException", outcomes.get(outcomes.size() - 1));
        trial.expect("poll", "ConcurrentModificationException", outcome(() -> consumer.poll(SHORT)));
        trial.expect("close", "ConcurrentModificationException", outcome(() -> consumer.close()));
        trial.expect("assignment", "ConcurrentModificationException", outcome(() -> consumer.assignment()));
        trial.expect("metrics", Trial.DONE, outcome(() -> consumer.metrics()));
        consumer.wakeup();
        poller.join();
        trial.expect("afterwards", Trial.DONE, outcome(() -> consumer.poll(SHORT)));
        FutureTask<String> other = new FutureTask<>(() -> outcome(() -> consumer.poll(SHORT)));
        new Thread(other).start();
        trial.expect("one after the other", Trial.DONE, other.get());
    }

    @Contract
    void aClosedConsumerRefusesEverything(Trial trial) throws Exception {
        String topic = trial.topic(1);
        TopicPartition where = at(topic, 0);
        Consumer<String, String> consumer = trial.member(trial.name("group"));
        consumer.assign(List.of(where));
        consumer.close();
        List<String> outcomes = List.of(outcome(() -> consumer.poll(SHORT)), outcome(() -> consumer.assignment()),
                outcome(() -> consumer.subscription()), outcome(() -> consumer.position(where)),
                outcome(() -> consumer.seek(where, 0)), outcome(() -> consumer.commitSync()),
                outcome(() -> consumer.commitAsync()), outcome(() -> consumer.committed(Set.of(where))),
                outcome(() -> consumer.assign(List.of(where))), outcome(() -> consumer.subscribe(List.of(topic))),
                outcome(() -> consumer.unsubscribe()), outcome(() -> consumer.pause(List.of(where))),
                outcome(() -> consumer.paused()), outcome(() -> consumer.endOffsets(List.of(where))),
                outcome(() -> consumer.listTopics()), outcome(() -> consumer.groupMetadata()),
                outcome(() -> consumer.enforceRebalance()), outcome(() -> consumer.currentLag(where)));
        trial.expect("refused", Set.of("IllegalStateException"), Set.copyOf(outcomes));
        trial.expect("close", Trial.DONE, outcome(() -> consumer.close()));
        trial.expect("close with a timeout", Trial.DONE,
                outcome(() -> consumer.close(CloseOptions.timeout(Duration.ZERO))));
        trial.expect("wakeup", Trial.DONE, outcome(() -> consumer.wakeup()));
        trial.expect("metrics", Trial.DONE, outcome(() -> consumer.metrics()));
        trial.expect("a negative timeout", "IllegalArgumentException",
                outcome(() -> trial.consumer().close(CloseOptions.timeout(Duration.ofMillis(-1)))));
        trial.expect("a negative timeout of a poll", "IllegalArgumentException",
                outcome(() -> trial.consumer().poll(Duration.ofMillis(-1))));
    }

    @Contract
    void configurationsThatContradictThemselvesAreRefused(Trial trial) {
        trial.expect("no deserializer", "ConfigException", outcome(() -> trial.home().consumer(Map.of(), null, null)));
        trial.expect("an unknown isolation", "ConfigException",
                outcome(() -> trial.consumer("isolation.level", "snapshot")));
        trial.expect("an unknown reset", "ConfigException",
                outcome(() -> trial.consumer("auto.offset.reset", "middle")));
        trial.expect("no records at all", "ConfigException", outcome(() -> trial.consumer("max.poll.records", 0)));
        trial.expect("an empty group", "KafkaException of InvalidGroupIdException",
                outcome(() -> trial.consumer("group.id", "")));
        trial.expect("an assignor that is none", "KafkaException of KafkaException of ClassNotFoundException",
                outcome(() -> trial.member("g", "partition.assignment.strategy", "no.such.Assignor")));
        trial.expect("heartbeats as long as the session", "KafkaException of IllegalArgumentException",
                outcome(() -> trial.member("g", "session.timeout.ms", 1_000, "heartbeat.interval.ms", 1_000)));
    }

    @Contract
    void metricsHaveKafkasNamesAndCountWhatHappened(Trial trial) throws Exception {
        String topic = trial.topic(1);
        TopicPartition where = at(topic, 0);
        trial.write(where, "v0", "v1", "v2");
        Consumer<String, String> consumer = trial.member(trial.name("group"), "client.id", "counted",
                "max.poll.records", 2);
        consumer.subscribe(List.of(topic));
        take(consumer, 2);
        consumer.commitSync();
        take(consumer, 1);
        Map<String, Double> fetching = values(consumer, "consumer-fetch-manager-metrics");
        trial.expect("records-consumed-total", 3.0, fetching.get("records-consumed-total"));
        trial.expect("records-consumed-rate is positive", true, positive(fetching, "records-consumed-rate"));
        trial.expect("bytes-consumed-total is positive", true, positive(fetching, "bytes-consumed-total"));
        trial.expect("records-lag", 0.0, fetching.get("records-lag"));
        trial.expect("records-lag-max", 1.0, fetching.get("records-lag-max"));
        trial.expect("fetch-total is positive", true, positive(fetching, "fetch-total"));
        Map<String, Double> coordinating = values(consumer, "consumer-coordinator-metrics");
        trial.expect("assigned-partitions", 1.0, coordinating.get("assigned-partitions"));
        trial.expect("commit-total", 1.0, coordinating.get("commit-total"));
        trial.expect("rebalance-total", 1.0, coordinating.get("rebalance-total"));
        trial.expect("join-total", 1.0, coordinating.get("join-total"));
        trial.expect("sync-total", 1.0, coordinating.get("sync-total"));
        Map<String, Double> polling = values(consumer, "consumer-metrics");
        trial.expect("commit-sync-time-ns-total grows", true, positive(polling, "commit-sync-time-ns-total"));
        trial.expect("missing names", new TreeSet<>(), missing(consumer));
        trial.expect("tags", true, consumer.metrics().keySet().stream()
                .filter(name -> name.group().startsWith("consumer-"))
                .allMatch(name -> "counted".equals(name.tags().get("client-id"))));
        trial.expect("lag of the partition by its tags", true, consumer.metrics().keySet().stream()
                .anyMatch(name -> name.name().equals("records-lag") && topic.equals(name.tags().get("topic"))
                        && "0".equals(name.tags().get("partition"))));
        trial.expect("unmodifiable", "UnsupportedOperationException", outcome(() -> consumer.metrics().clear()));
    }

    private static boolean positive(Map<String, Double> values, String name) {
        return values.getOrDefault(name, 0.0) > 0;
    }

    private static Map<String, Double> values(Consumer<?, ?> consumer, String group) {
        return consumer.metrics().values().stream()
                .filter(metric -> metric.metricName().group().equals(group) && metric.metricValue() instanceof Double)
                .collect(Collectors.toMap(metric -> metric.metricName().name(), ConsumerLifeContractTest::value,
                        (one, other) -> one));
    }

    private static Double value(Metric metric) {
        return (Double) metric.metricValue();
    }

    /** What has no meaning without connections and requests is not asked for. */
    private static Set<String> missing(Consumer<?, ?> consumer) {
        Set<String> missing = new TreeSet<>(Set.of("records-consumed-total", "records-consumed-rate",
                "bytes-consumed-total", "bytes-consumed-rate", "records-lag", "records-lag-max",
                "records-lead", "records-lead-min", "records-per-request-avg", "fetch-total",
                "fetch-rate", "fetch-size-avg", "fetch-size-max", "assigned-partitions", "commit-total",
                "commit-rate", "commit-latency-avg", "commit-latency-max", "rebalance-total",
                "rebalance-rate-per-hour", "rebalance-latency-total", "failed-rebalance-total", "join-total",
                "join-rate", "sync-total", "sync-rate", "last-rebalance-seconds-ago", "heartbeat-total",
                "heartbeat-rate", "last-heartbeat-seconds-ago", "time-between-poll-avg", "time-between-poll-max",
                "last-poll-seconds-ago", "poll-idle-ratio-avg", "commit-sync-time-ns-total",
                "committed-time-ns-total"));
        consumer.metrics().keySet().forEach(name -> missing.remove(name.name()));
        return missing;
    }
}
