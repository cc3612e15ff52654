package io.semel.verify;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The last batches that one client sent to one partition, kept to send them again. Thread rule: one thread. */
final class SentBatches {
    /** A partition promises to recognise as many. */
    private static final int REMEMBERED = 5;

    private final Deque<Sent> sent = new ArrayDeque<>();

    /** A batch and the offset that it was given. */
    record Sent(ByteBuffer bytes, long offset) {
    }

    void add(ByteBuffer batch, long offset) {
        if (sent.size() == REMEMBERED) {
            sent.removeFirst();
        }
        sent.addLast(new Sent(copyOf(batch), offset));
    }

    static ByteBuffer copyOf(ByteBuffer batch) {
        ByteBuffer copy = ByteBuffer.allocate(batch.remaining());
        copy.put(batch.duplicate()).flip();
        return copy;
    }

    List<Sent> oldestFirst() {
        return new ArrayList<>(sent);
    }
}
