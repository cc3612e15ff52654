package io.semel.idempotence;

import java.util.Arrays;

/**
 * Why the last epochs of a producer id were fenced: every instance is told by whom it was fenced itself, not by whom
 * those after it were.
 *
 * <p>Thread rule: {@link #add} by one thread at a time, {@link #firstAbove} by any.
 */
final class Fences {
    /** Of so many instances the oldest still hears its own; those before it hear of the last fence. */
    static final int REMEMBERED = 5;

    /** The oldest first; never changed, but replaced. */
    private volatile Fence[] last = {};

    /** @param epoch the lowest that it left in force */
    private record Fence(short epoch, String because) {
    }

    void add(short epoch, String because) {
        Fence[] before = last;
        Fence[] all = Arrays.copyOfRange(before, before.length == REMEMBERED ? 1 : 0, before.length + 1);
        all[all.length - 1] = new Fence(epoch, because);
        last = all;
    }

    /** What fenced {@code epoch} first; empty when nothing did, or it is forgotten. */
    String firstAbove(short epoch) {
        Fence[] remembered = last;
        boolean isForgotten = remembered.length == REMEMBERED && remembered[0].epoch > epoch + 1;
        for (Fence fence : remembered) {
            if (fence.epoch > epoch && !isForgotten) {
                return fence.because;
            }
        }
        return "";
    }
}
