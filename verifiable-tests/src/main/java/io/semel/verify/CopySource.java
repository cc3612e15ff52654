package io.semel.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import io.semel.client.runtime.ClientRuntime;
import io.semel.log.batch.RecordCursor;
import io.semel.transactions.groups.OffsetToCommit;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionReader;
import io.semel.verify.VerifiableRecord.Side;
import io.semel.verify.scenarios.worker.Offsets;

/** Reads what is committed in its share of the input and turns it into the copy. Thread rule: one thread. */
final class CopySource implements Source {
    static final String GROUP = "copier";

    private static final int MAX_BATCHES_PER_PORTION = 4;

    private final List<Partition> inputs;
    private final List<Partition> targets;
    private final int member;
    private final int memberCount;
    private final Offsets offsets;
    private final SplittableRandom random;
    private final RecordCursor cursor = new RecordCursor();
    private final PartitionReader[] readers;

    CopySource(ClientRuntime runtime, int member, int memberCount, SplittableRandom random) {
        this.inputs = runtime.broker().topic(Side.INPUT.topic()).partitions();
        this.targets = runtime.broker().topic(Side.COPY.topic()).partitions();
        this.member = member;
        this.memberCount = memberCount;
        this.offsets = new Offsets(runtime, GROUP);
        this.random = random;
        this.readers = new PartitionReader[inputs.size()];
        rewind();
    }

    @Override
    public String group() {
        return GROUP;
    }

    @Override
    public List<Portion> take() {
        List<Portion> portions = new ArrayList<>();
        for (int partition = member; partition < readers.length; partition += memberCount) {
            List<Portion.Entry> entries = read(readers[partition], 1 + random.nextInt(MAX_BATCHES_PER_PORTION));
            if (!entries.isEmpty()) {
                portions.add(new Portion(targets.get(partition), entries,
                        OffsetToCommit.of(Side.INPUT.topic(), partition, readers[partition].nextOffset())));
            }
        }
        return portions;
    }

    private List<Portion.Entry> read(PartitionReader reader, int batchCount) {
        List<Portion.Entry> entries = new ArrayList<>();
        for (int batches = 0; batches < batchCount && reader.next(); batches++) {
            cursor.wrap(reader.batch());
            while (cursor.next()) {
                entries.add(new Portion.Entry(cursor.copyKey(), inverted(cursor.copyValue())));
            }
        }
        return entries;
    }

    private static byte[] inverted(byte[] value) {
        for (int index = 0; index < value.length; index++) {
            value[index] = (byte) ~value[index];
        }
        return value;
    }

    @Override
    public void rewind() {
        long[] committed = offsets.committed(Side.INPUT.topic(), inputs.size());
        for (int partition = member; partition < readers.length; partition += memberCount) {
            if (readers[partition] == null) {
                readers[partition] = inputs.get(partition).openReader(committed[partition], Isolation.READ_COMMITTED);
            } else {
                readers[partition].seek(committed[partition]);
            }
        }
    }
}
