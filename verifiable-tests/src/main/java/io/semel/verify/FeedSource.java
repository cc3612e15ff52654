package io.semel.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import io.semel.client.runtime.ClientRuntime;
import io.semel.transactions.groups.OffsetToCommit;
import io.semel.transactions.partition.Partition;
import io.semel.verify.VerifiableRecord.Side;
import io.semel.verify.scenarios.worker.Offsets;

/** Numbers records from where the last committed transaction ended. Thread rule: one thread. */
final class FeedSource implements Source {
    static final String GROUP = "feeder";

    private static final int MAX_RECORDS_PER_PORTION = 24;

    private final List<Partition> targets;
    private final Offsets offsets;
    private final SplittableRandom random;
    private long[] next;

    FeedSource(ClientRuntime runtime, SplittableRandom random) {
        this.targets = runtime.broker().topic(Side.INPUT.topic()).partitions();
        this.offsets = new Offsets(runtime, GROUP);
        this.random = random;
        rewind();
    }

    @Override
    public String group() {
        return GROUP;
    }

    @Override
    public List<Portion> take() {
        List<Portion> portions = new ArrayList<>();
        for (Partition target : targets) {
            if (random.nextInt(4) > 0) {
                portions.add(portion(target, 1 + random.nextInt(MAX_RECORDS_PER_PORTION)));
            }
        }
        return portions;
    }

    private Portion portion(Partition target, int recordCount) {
        int partition = target.id().partition();
        List<Portion.Entry> entries = new ArrayList<>();
        for (int taken = 0; taken < recordCount; taken++) {
            VerifiableRecord record = new VerifiableRecord(partition, next[partition]++);
            entries.add(new Portion.Entry(record.key(), record.value(Side.INPUT)));
        }
        return new Portion(target, entries, OffsetToCommit.of(Side.INPUT.topic(), partition, next[partition]));
    }

    @Override
    public void rewind() {
        next = offsets.committed(Side.INPUT.topic(), targets.size());
    }
}
