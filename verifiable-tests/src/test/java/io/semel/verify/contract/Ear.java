package io.semel.verify.contract;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/** A rebalance listener that writes down what it hears, and on which thread. Thread rule: the polling thread's. */
final class Ear implements ConsumerRebalanceListener {
    final List<String> heard = new ArrayList<>();
    final List<Thread> threads = new ArrayList<>();

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        hear("revoked", partitions);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        hear("assigned", partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        hear("lost", partitions);
    }

    private void hear(String what, Collection<TopicPartition> partitions) {
        heard.add(what + partitions.stream().map(TopicPartition::partition).sorted().toList());
        threads.add(Thread.currentThread());
    }

    /** Without the calls that bring nothing: how many of those there are is a matter of who was slow. */
    List<String> moves() {
        return heard.stream().filter(call -> !call.endsWith("[]")).toList();
    }
}
