package io.semel.verify.disk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchView;

/**
 * What became of the transactions in the first batches of a model, and which batches are remembered of each producer:
 * what the owner of a log folds from it, here from what was claimed. Immutable.
 */
final class ModelTransactions {
    /** How many of a producer's batches must be found again, besides the last one or its marker. */
    static final int REMEMBERED = 2;

    static final int NO_MARKER = -1;

    private final LogModel model;
    private final int count;
    /** By batch: the index of the marker that ended its transaction. */
    private final int[] markers;
    private final boolean[] aborted;
    private final Map<Long, List<Integer>> open = new HashMap<>();
    private final Map<Long, List<Integer>> lastOf = new HashMap<>();
    private final Map<Long, Integer> lastMarkerOf = new HashMap<>();

    private ModelTransactions(LogModel model, int count) {
        this.model = model;
        this.count = count;
        this.markers = new int[count];
        this.aborted = new boolean[count];
        Arrays.fill(markers, NO_MARKER);
    }

    static ModelTransactions of(LogModel model, int count) {
        ModelTransactions built = new ModelTransactions(model, count);
        RecordBatchView view = new RecordBatchView();
        for (int index = 0; index < count; index++) {
            view.wrap(model.batch(index).bytes(), 0);
            if (view.hasProducerId()) {
                built.take(view, index);
            }
        }
        return built;
    }

    private void take(RecordBatchView batch, int index) {
        long producerId = batch.producerId();
        if (!batch.isControl()) {
            List<Integer> last = lastOf.computeIfAbsent(producerId, id -> new ArrayList<>());
            last.add(index);
            if (last.size() > REMEMBERED) {
                last.remove(0);
            }
            if (batch.isTransactional()) {
                open.computeIfAbsent(producerId, id -> new ArrayList<>()).add(index);
            }
            lastMarkerOf.remove(producerId);
            return;
        }
        lastMarkerOf.put(producerId, index);
        List<Integer> ended = open.remove(producerId);
        if (ended != null) {
            for (int each : ended) {
                markers[each] = index;
                aborted[each] = batch.controlType() == ControlType.ABORT;
            }
        }
    }

    int count() {
        return count;
    }

    boolean isOpen(long producerId) {
        return open.containsKey(producerId);
    }

    /** Every transaction that began below it is decided. */
    long stableOffset() {
        long stable = model.endOf(model.shownCount());
        for (List<Integer> batches : open.values()) {
            stable = Math.min(stable, model.batch(batches.get(0)).baseOffset);
        }
        return stable;
    }

    boolean isAborted(int index) {
        return aborted[index];
    }

    int markerOf(int index) {
        return markers[index];
    }

    /** Whether it is a batch of a transaction that is not ended. */
    boolean isUndecided(int index, long producerId) {
        return markers[index] == NO_MARKER && open.containsKey(producerId) && open.get(producerId).contains(index);
    }

    long rememberedFrom(long producerId) {
        List<Integer> last = lastOf.get(producerId);
        long from = last == null ? Long.MAX_VALUE : model.batch(last.get(0)).baseOffset;
        Integer marker = lastMarkerOf.get(producerId);
        return marker == null ? from : Math.min(from, model.batch(marker).baseOffset);
    }

    /** Batches by which a producer is remembered: with or without records they must be there. */
    boolean isRemembered(int index, long producerId) {
        return lastOf.getOrDefault(producerId, List.of()).contains(index)
                || lastMarkerOf.getOrDefault(producerId, NO_MARKER) == index;
    }
}
