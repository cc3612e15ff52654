package io.semel.verify;

import java.io.IOException;
import java.nio.file.Path;

import org.agrona.concurrent.SystemEpochClock;

import io.semel.client.runtime.ClientRuntime;
import io.semel.log.batch.RecordCursor;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionReader;
import io.semel.verify.VerifiableRecord.Side;
import io.semel.verify.scenarios.worker.Offsets;
import io.semel.verify.scenarios.worker.Sabotage;

/** Opens a directory after its last worker, as any user would, and checks all that a committed reader is given. */
record DirectoryCheck(Damage input, Damage copy) {
    static DirectoryCheck of(Path directory, int partitionCount) throws IOException {
        Broker broker = Directories.open(directory, Sabotage.NONE);
        try (ClientRuntime runtime = ClientRuntime.start(broker, SystemEpochClock.INSTANCE)) {
            Directories.createTopics(broker, partitionCount);
            long[] fed = new Offsets(runtime, FeedSource.GROUP).committed(Side.INPUT.topic(), partitionCount);
            return new DirectoryCheck(check(broker, Side.INPUT, fed), check(broker, Side.COPY, fed));
        }
    }

    private static Damage check(Broker broker, Side side, long[] expectedCounts) {
        Damage damage = Damage.NONE;
        for (Partition partition : broker.topic(side.topic()).partitions()) {
            PartitionCheck check = new PartitionCheck(partition.id().partition(), side);
            read(partition, check);
            damage = damage.plus(check.finish(expectedCounts[partition.id().partition()]));
        }
        return damage;
    }

    private static void read(Partition partition, PartitionCheck check) {
        RecordCursor cursor = new RecordCursor();
        try (PartitionReader reader = partition.openReader(0, Isolation.READ_COMMITTED)) {
            while (reader.next()) {
                cursor.wrap(reader.batch());
                while (cursor.next()) {
                    check.take(cursor.offset(), cursor.copyKey(), cursor.copyValue());
                }
            }
        }
    }
}
