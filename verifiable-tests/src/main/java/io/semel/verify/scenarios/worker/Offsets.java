package io.semel.verify.scenarios.worker;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import io.semel.client.runtime.ClientRuntime;
import io.semel.client.runtime.Waiting;
import io.semel.transactions.groups.FetchResult;
import io.semel.transactions.groups.FetchedOffset;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.PartitionName;
import io.semel.transactions.groups.Stability;

/** Asks for a group's committed offsets. Thread rule: any thread. */
public final class Offsets {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final ClientRuntime runtime;
    private final String group;

    public Offsets(ClientRuntime runtime, String group) {
        this.runtime = runtime;
        this.group = group;
    }

    /** The committed offset of every partition of a topic; 0 where nothing was committed. Waits for what is pending. */
    public long[] committed(String topic, int partitionCount) {
        List<PartitionName> wanted = IntStream.range(0, partitionCount)
                .mapToObj(partition -> new PartitionName(topic, partition)).toList();
        Waiting waiting = Waiting.upTo(TIMEOUT, "committed offsets of group " + group);
        FetchResult result = fetch(wanted, waiting);
        while (!isSettled(result)) {
            waiting.pause();
            result = fetch(wanted, waiting);
        }
        long[] offsets = new long[partitionCount];
        for (FetchedOffset fetched : result.offsets()) {
            if (fetched.committed().isPresent()) {
                offsets[fetched.partition().partition()] = fetched.committed().offset();
            }
        }
        return offsets;
    }

    private FetchResult fetch(List<PartitionName> wanted, Waiting waiting) {
        AtomicReference<FetchResult> answer = new AtomicReference<>();
        runtime.broker().groups().fetch(group, wanted, Stability.REQUIRED, answer::set);
        while (answer.get() == null) {
            waiting.pause();
        }
        return answer.get();
    }

    private static boolean isSettled(FetchResult result) {
        return result.error() == GroupError.NONE
                && result.offsets().stream().allMatch(fetched -> fetched.error() == GroupError.NONE);
    }
}
