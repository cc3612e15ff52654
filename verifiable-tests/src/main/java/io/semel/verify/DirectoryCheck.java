package io.semel.verify;

import java.io.IOException;
import java.nio.file.Path;

import org.agrona.concurrent.SystemEpochClock;

import io.semel.client.runtime.ClientRuntime;
import io.semel.log.batch.RecordCursor;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionId;
import io.semel.transactions.partition.PartitionReader;
import io.semel.verify.VerifiableRecord.Side;
import io.semel.verify.scenarios.worker.Offsets;
import io.semel.verify.scenarios.worker.Sabotage;

/** Opens a directory after its last worker, as any user would, and checks all that a committed reader is given. */
record DirectoryCheck(Damage input, Damage copy) {
    /** Hears of every record that is looked at. */
    @FunctionalInterface
    interface Readings {
        void read(PartitionId partition, long offset, byte[] key);
    }

    static DirectoryCheck of(Path directory, int partitionCount, Readings readings) throws IOException {
        Broker broker = Directories.open(directory, Sabotage.NONE);
        try (ClientRuntime runtime = ClientRuntime.start(broker, SystemEpochClock.INSTANCE)) {
            Directories.createTopics(broker, partitionCount);
            long[] fed = new Offsets(runtime, FeedSource.GROUP).committed(Side.INPUT.topic(), partitionCount);
            return new DirectoryCheck(check(broker, Side.INPUT, fed, readings), check(broker, Side.COPY, fed,
                    readings));
        }
    }

    private static Damage check(Broker broker, Side side, long[] expectedCounts,
            Readings readings) {
        Damage damage = Damage.NONE;
        for (Partition partition : broker.topic(side.topic()).partitions()) {
            PartitionCheck check = new PartitionCheck(partition.id().partition(), side);
            read(partition, check, readings);
            damage = damage.plus(check.finish(expectedCounts[partition.id().partition()]));
        }
        return damage;
    }

    private static void read(Partition partition, PartitionCheck check, Readings readings) {
        RecordCursor cursor = new RecordCursor();
        try (PartitionReader reader = partition.openReader(0, Isolation.READ_COMMITTED)) {
            while (reader.next()) {
                cursor.wrap(reader.batch());
                while (cursor.next()) {
                    byte[] key = cursor.copyKey();
                    check.take(cursor.offset(), key, cursor.copyValue());
                    readings.read(partition.id(), cursor.offset(), key);
                }
            }
        }
    }
}
