package io.semel.verify.contract;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

import static io.semel.verify.contract.Trial.at;
import static io.semel.verify.contract.Trial.outcome;
import static io.semel.verify.contract.Trial.pollUntilAssigned;
import static io.semel.verify.contract.Trial.take;

/** Who has a seat in a group: one instance of each name, whichever thread it is used by. */
class SeatContractTest {
    private static final Duration STEP = Duration.ofMillis(10);
    private static final int POLLS = 20;

    private static Consumer<String, String> seated(Trial trial, String group, String topic, Object... settings) {
        Consumer<String, String> member = trial.member(group, settings);
        member.subscribe(List.of(topic));
        pollUntilAssigned(member, List.of(at(topic, 0)));
        return member;
    }

    @Contract
    void whoIsFencedClosesInPeace(Trial trial) throws Exception {
        String topic = trial.topic(1);
        String group = trial.name("group");
        trial.write(at(topic, 0), "v0");
        Consumer<String, String> old = trial.member(group, "group.instance.id", "me", "enable.auto.commit", true);
        old.subscribe(List.of(topic));
        take(old, 1);
        seated(trial, group, topic, "group.instance.id", "me");
        trial.expect("close", Trial.DONE, outcome(old::close));
    }

    @Contract
    void aLeaderThatCameBackWatchesTheTopicsOfTheOthers(Trial trial) throws Exception {
        String topic = trial.topic(1);
        String group = trial.name("group");
        String later = trial.name("later");
        Consumer<String, String> leader = seated(trial, group, topic, "group.instance.id", "leader");
        Consumer<String, String> other = trial.member(group);
        other.subscribe(List.of(later));
        Trial.until("both in one generation", () -> {
            leader.poll(STEP);
            other.poll(STEP);
            return leader.groupMetadata().generationId() == other.groupMetadata().generationId()
                    && leader.assignment().size() == 1;
        });
        leader.close();
        Consumer<String, String> again = seated(trial, group, topic, "group.instance.id", "leader");
        trial.expect("no rebalance", other.groupMetadata().generationId(), again.groupMetadata().generationId());
        trial.home().createTopic(later, 1, Map.of());
        Trial.until("the other one's topic is assigned", () -> {
            again.poll(STEP);
            other.poll(STEP);
            return other.assignment().equals(Set.of(at(later, 0)));
        });
    }

    @Contract
    void aConsumerIsHandedFromThreadToThread(Trial trial) throws Exception {
        String topic = trial.topic(1);
        List<String> heard = new CopyOnWriteArrayList<>();
        Consumer<String, String> consumer = trial.member(trial.name("group"));
        consumer.subscribe(List.of(topic), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                heard.add("revoked");
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                heard.add("assigned");
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                heard.add("lost");
            }
        });
        onAThread(() -> pollUntilAssigned(consumer, List.of(at(topic, 0))));
        Consumer<String, String> passing = trial.consumer();
        passing.assign(List.of(at(topic, 0)));
        for (int time = 0; time < POLLS; time++) {
            // Meanwhile no thread lives that used the other one.
            passing.poll(STEP);
            onAThread(() -> consumer.poll(STEP));
        }
        trial.expect("heard", List.of("assigned"), heard);
    }

    private static void onAThread(Runnable action) throws InterruptedException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                action.run();
                done.complete(null);
            } catch (RuntimeException | AssertionError e) {
                done.completeExceptionally(e);
            }
        });
        thread.start();
        thread.join();
        done.join();
    }
}
