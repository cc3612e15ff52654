package io.semel.benchmarks.workload.variants;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import io.semel.benchmarks.workload.MappedPages;
import io.semel.benchmarks.workload.Payload;
import io.semel.benchmarks.workload.Stopwatch;
import io.semel.benchmarks.workload.Workload;

/**
 * The copy of the limit, through the foreign-memory API in place of a buffer. Reached by method handles, because the
 * code is compiled for a JDK that does not know these classes; a constant handle is compiled like a call.
 */
public final class SegmentCopy implements Workload {
    private static final int FIRST_JDK = 22;

    /** The foreign-memory API; found on first use, so that older JDKs never look for it. */
    private static final class Api {
        static final MethodHandle OF_BUFFER;
        static final MethodHandle COPY;

        static {
            try {
                MethodHandles.Lookup lookup = MethodHandles.lookup();
                Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
                OF_BUFFER = lookup.findStatic(segment, "ofBuffer", MethodType.methodType(segment,
                        java.nio.Buffer.class))
                        .asType(MethodType.methodType(Object.class, ByteBuffer.class));
                COPY = lookup.findStatic(segment, "copy", MethodType.methodType(void.class, segment, long.class,
                        segment, long.class, long.class)).asType(MethodType.methodType(void.class, Object.class,
                                long.class, Object.class, long.class, long.class));
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private Api() {
        }
    }

    /** Why it can't run here, if it can't. */
    public static Optional<String> obstacle() {
        int found = Runtime.version().feature();
        return found >= FIRST_JDK ? Optional.empty() : Optional.of("the foreign-memory API is there from JDK "
                + FIRST_JDK + " on, and this is JDK " + found);
    }

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) throws IOException {
        byte[] payload = Payload.create(Payload.SMALL);
        Object source = segmentOf(ByteBuffer.wrap(payload));
        int recordsAFile = MappedPages.FILE_BYTES / payload.length;
        try (MappedPages pages = MappedPages.create(directory, MappedPages.Blocks.READY, operations * payload.length)) {
            stopwatch.start();
            for (long first = 0; first < operations; first += recordsAFile) {
                long end = Math.min(operations, first + recordsAFile);
                ByteBuffer target = pages.next();
                Object targetSegment = segmentOf(target.duplicate().clear());
                for (long chunk = first; chunk < end; chunk += CHUNK) {
                    copyChunk(source, payload, targetSegment, (chunk - first) * payload.length, chunk, Math.min(end,
                            chunk + CHUNK));
                }
                Payload.require("last number of a file", end - 1, target.getLong((int) (end - 1 - first)
                        * payload.length));
            }
            stopwatch.stop();
        }
        return NO_FIGURES;
    }

    private static Object segmentOf(ByteBuffer buffer) {
        try {
            return Api.OF_BUFFER.invokeExact(buffer);
        } catch (Throwable e) {
            throw new IllegalStateException("no segment of " + buffer, e);
        }
    }

    private static void copyChunk(Object source, byte[] payload, Object target, long start, long first, long end) {
        long position = start;
        try {
            for (long number = first; number < end; number++) {
                Payload.number(payload, number);
                Api.COPY.invokeExact(source, 0L, target, position, (long) payload.length);
                position += payload.length;
            }
        } catch (Throwable e) {
            throw new IllegalStateException("copy failed at " + position, e);
        }
    }
}
