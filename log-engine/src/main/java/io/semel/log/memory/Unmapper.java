package io.semel.log.memory;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;

/**
 * Unmaps at once: a deleted file that is still mapped frees no disk, and the collector may take hours.
 *
 * <p>{@code Unsafe.invokeCleaner} works under {@code --sun-misc-unsafe-memory-access=deny}, but JDK 24 and newer print a
 * warning of it: there {@link ArenaMapping} maps and unmaps. Reached reflectively, because javac warns of the class.
 */
final class Unmapper {
    private static final MethodHandle INVOKE_CLEANER = findInvokeCleaner();

    private Unmapper() {
    }

    static void unmap(MappedByteBuffer buffer) {
        try {
            INVOKE_CLEANER.invoke((ByteBuffer) buffer);
        } catch (Throwable e) {
            throw new IllegalStateException("could not unmap " + buffer.capacity() + " bytes", e);
        }
    }

    private static MethodHandle findInvokeCleaner() {
        try {
            Class<?> unsafe = Class.forName("sun.misc.Unsafe");
            Field instance = unsafe.getDeclaredField("theUnsafe");
            instance.setAccessible(true);
            return MethodHandles.lookup()
                    .findVirtual(unsafe, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class))
                    .bindTo(instance.get(null));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
