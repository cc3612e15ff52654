package io.semel.docs.planted.log;

import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.UnsafeBuffer;
import org.jctools.queues.MpscArrayQueue;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;

/** Planted: three that stand on Unsafe, and one that does not. */
final class QueueOfUnsafe {
    UnsafeBuffer buffer;
    ManyToOneConcurrentArrayQueue<String> agrona;
    MpscArrayQueue<String> unsafe;
    MpscVarHandleArrayQueue<String> fine;
}
