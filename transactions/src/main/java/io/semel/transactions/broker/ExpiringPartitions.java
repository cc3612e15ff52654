package io.semel.transactions.broker;

import java.util.Collection;

import io.semel.idempotence.ProducerExpiry;
import io.semel.idempotence.ProducerIdentity;
import io.semel.transactions.partition.Partition;

/**
 * The partitions of a directory as the expiry of producer ids asks them. One that is offline is not asked: what is open
 * there is of a transactional id, which does not expire before it is ended. Thread rule: any thread.
 */
record ExpiringPartitions(Topics topics) implements ProducerExpiry.Partitions {
    @Override
    public boolean isBusy(long producerId) {
        boolean busy = false;
        for (Partition partition : topics.all()) {
            // All of them: each wants the medium then, and the next look finds it there.
            busy |= partition.isBusy(producerId);
        }
        return busy;
    }

    @Override
    public void forget(Collection<ProducerIdentity> dead) {
        topics.all().forEach(partition -> partition.forget(dead));
    }
}
