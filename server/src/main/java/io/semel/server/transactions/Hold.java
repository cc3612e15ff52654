package io.semel.server.transactions;

import java.time.Instant;
import java.util.Optional;

import io.semel.server.inspect.Fields;
import io.semel.transactions.partition.PartitionId;

/**
 * What keeps committed readers of one partition from its end, and what to do about it. Immutable.
 *
 * @param holder the oldest open transaction; empty when nothing is open
 */
record Hold(PartitionId partition, long stable, long end, int openCount, Optional<FoundTransaction> holder) {
    static Hold of(PartitionId id, PartitionLook look, DirectoryLook directory) {
        Optional<FoundTransaction> holder = look.open().stream().findFirst().flatMap(first -> directory.transactions()
                .stream().filter(each -> each.producerId() == first.producerId()).findFirst());
        return new Hold(id, look.stable(), look.end(), look.open().size(), holder);
    }

    /** When the record that stands at the last stable offset was made. */
    long sinceMs() {
        return holder.orElseThrow().branches().stream().filter(each -> each.partition().equals(partition)).findFirst()
                .orElseThrow().sinceMs();
    }

    Fields fields(Remedy remedy) {
        Fields line = new Fields().with("topic", partition.topic()).with("partition", partition.partition())
                .with("stable", stable).with("end", end).with("openTransactions", openCount);
        holder.ifPresent(each -> line.with("transactionalId", each.transactionalId()).with("state", each.state())
                .with("producerId", each.producerId()).with("epoch", each.epoch()).with("sinceOffset", stable)
                .with("since", time(sinceMs())).with("remedy", remedy.of(each)));
        return line;
    }

    /** As ISO 8601 writes it, in UTC; "-" for never. */
    static String time(long ms) {
        return ms < 0 ? "-" : Instant.ofEpochMilli(ms).toString();
    }
}
