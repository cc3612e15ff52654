package io.semel.server.network.fetch;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.semel.log.memory.Region;
import io.semel.transactions.partition.PartitionSpan;

/**
 * Bytes of a segment on their way to a socket, where the kernel takes them out of the mapping: they are never copied in
 * user space. The last to release them, netty once they are written or can't be any more, gives the lease back.
 */
final class MappedBytes extends UnpooledDirectByteBuf {
    private final Region region;

    /** Takes the span's lease over. */
    MappedBytes(PartitionSpan span) {
        super(ByteBufAllocator.DEFAULT, span.buffer().slice(span.position(), span.lengthBytes()), span.lengthBytes());
        this.region = span.region();
    }

    @Override
    protected void deallocate() {
        super.deallocate();
        region.release();
    }
}
