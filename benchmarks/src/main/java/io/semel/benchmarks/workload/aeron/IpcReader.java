package io.semel.benchmarks.workload.aeron;

import java.nio.ByteOrder;

import org.agrona.DirectBuffer;

import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import io.semel.benchmarks.workload.Lane;
import io.semel.benchmarks.workload.Payload;

/** Polls a subscription. Thread rule: one thread. */
final class IpcReader {
    private final Subscription subscription;
    private final FragmentHandler handler = this::onFragment;
    private Lane.Sink sink;

    IpcReader(Subscription subscription) {
        this.subscription = subscription;
    }

    int read(Lane.Sink target) {
        sink = target;
        return subscription.poll(handler, AeronLimits.FRAGMENTS_A_POLL);
    }

    private void onFragment(DirectBuffer buffer, int offset, int length, Header header) {
        sink.onRecord(buffer.getLong(offset, ByteOrder.BIG_ENDIAN), buffer.getLong(offset + Payload.TIME_OFFSET,
                ByteOrder.BIG_ENDIAN));
    }
}
