package io.semel.client.producer;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.KafkaException;

import io.semel.transactions.partition.Partition;

/** A producer's lanes, one per partition that it writes to. Thread rule: the sender thread. */
final class Lanes {
    private final ProducerSettings settings;
    private final BatchAuthor author;
    private final Deliveries deliveries;
    private final Map<Partition, Lane> all = new IdentityHashMap<>();
    /** Those with something under way, each once. */
    private final List<Lane> busy = new ArrayList<>();

    Lanes(ProducerSettings settings, BatchAuthor author, Deliveries deliveries) {
        this.settings = settings;
        this.author = author;
        this.deliveries = deliveries;
    }

    void add(PendingRecord record) {
        Lane lane = all.get(record.partition());
        if (lane == null) {
            lane = new Lane(record.partition(), settings, author, deliveries);
            all.put(record.partition(), lane);
        }
        if (lane.isQuiet()) {
            busy.add(lane);
        }
        lane.add(record);
    }

    int work(long nowNs, Cut cut) {
        int done = 0;
        for (int index = busy.size() - 1; index >= 0; index--) {
            Lane lane = busy.get(index);
            done += lane.work(nowNs, cut);
            if (lane.isQuiet()) {
                busy.remove(index);
                forgetIfClosed(lane);
            }
        }
        return done;
    }

    private void forgetIfClosed(Lane lane) {
        if (lane.isClosed()) {
            all.remove(lane.partition());
        }
    }

    /** Whether everything that was added is settled. */
    boolean isQuiet() {
        return busy.isEmpty();
    }

    /** How long the sender may sleep for the lanes' sake. */
    long waitNs(long nowNs) {
        long waitNs = SendQueue.FOR_EVER;
        for (Lane lane : busy) {
            waitNs = Math.min(waitNs, lane.waitNs(nowNs));
        }
        return waitNs;
    }

    void dropUnsent(KafkaException why) {
        busy.forEach(lane -> lane.dropUnsent(why));
        busy.removeIf(Lane::isQuiet);
    }

    void dropAll(KafkaException why) {
        busy.forEach(lane -> lane.dropAll(why));
        busy.clear();
    }
}
