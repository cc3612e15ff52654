package io.semel.log.memory;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Maps by the foreign-memory API, which unmaps at once and in silence; JDK 22 is the first that has it for good. On JDK 24 and
 * newer the older way, {@link Unmapper}, prints a warning on the user's screen. Stateless.
 *
 * <p>Reached by method handles, because the code is compiled for a JDK that does not know these classes.
 */
final class ArenaMapping {
    private static final int FIRST_JDK = 22;

    private static final boolean AVAILABLE = Runtime.version().feature() >= FIRST_JDK;

    /** The foreign-memory API; found on first use, so that older JDKs never look for it. */
    private static final class Api {
        static final MethodHandle OPEN_ARENA;
        static final MethodHandle CLOSE_ARENA;
        static final MethodHandle MAP;
        static final MethodHandle AS_BUFFER;

        static {
            try {
                MethodHandles.Lookup lookup = MethodHandles.lookup();
                Class<?> arena = Class.forName("java.lang.foreign.Arena");
                Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
                OPEN_ARENA = lookup.findStatic(arena, "ofShared", MethodType.methodType(arena));
                CLOSE_ARENA = lookup.findVirtual(arena, "close", MethodType.methodType(void.class));
                MAP = lookup.findVirtual(FileChannel.class, "map", MethodType.methodType(segment,
                        FileChannel.MapMode.class, long.class, long.class, arena));
                AS_BUFFER = lookup.findVirtual(segment, "asByteBuffer", MethodType.methodType(ByteBuffer.class));
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private Api() {
        }
    }

    private ArenaMapping() {
    }

    static boolean isAvailable() {
        return AVAILABLE;
    }

    /** Maps the first {@code length} bytes; the region unmaps by closing its own arena. */
    static Region map(FileChannel channel, int length) throws IOException {
        try {
            Object arena = Api.OPEN_ARENA.invoke();
            return mapInto(arena, channel, length);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("could not map " + length + " bytes", e);
        }
    }

    private static Region mapInto(Object arena, FileChannel channel, int length) throws Throwable {
        try {
            Object segment = Api.MAP.invoke(channel, FileChannel.MapMode.READ_WRITE, 0L, (long) length, arena);
            ByteBuffer buffer = (ByteBuffer) Api.AS_BUFFER.invoke(segment);
            return Region.over(buffer, () -> close(arena, length));
        } catch (Throwable e) {
            close(arena, length);
            throw e;
        }
    }

    private static void close(Object arena, int length) {
        try {
            Api.CLOSE_ARENA.invoke(arena);
        } catch (Throwable e) {
            throw new IllegalStateException("could not unmap " + length + " bytes", e);
        }
    }
}
