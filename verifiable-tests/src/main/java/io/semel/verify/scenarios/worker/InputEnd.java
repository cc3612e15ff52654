package io.semel.verify.scenarios.worker;

import java.util.List;

import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionReader;

/**
 * Whether offsets stand at the end of what committed readers can see. The end offset itself does not tell: markers and
 * aborted records stand there too.
 */
public final class InputEnd {
    private InputEnd() {
    }

    public static boolean isReached(List<Partition> partitions, long[] offsets) {
        for (Partition partition : partitions) {
            if (partition.stableOffset() < partition.readableOffset()) {
                return false;
            }
            try (PartitionReader reader = partition.openReader(offsets[partition.id().partition()],
                    Isolation.READ_COMMITTED)) {
                if (reader.next()) {
                    return false;
                }
            }
        }
        return true;
    }
}
