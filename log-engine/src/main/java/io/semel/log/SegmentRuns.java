package io.semel.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.semel.log.memory.Disk;

/** What is done to runs of a log's segments, which stand in order of their offsets. Stateless. */
final class SegmentRuns {
    private SegmentRuns() {
    }

    /** Opens what recovery found, and one behind them where the last one can't go on. */
    static Segment[] opened(Disk disk, LogConfig config, List<RecoveredSegment> found, SegmentUse useOfLast)
            throws IOException {
        // A complete one may have gaps between its offsets, which nothing that takes appends may have.
        boolean fresh = disk.exists(SegmentNames.indexOf(found.get(found.size() - 1).path()));
        Segment[] opened = new Segment[found.size() + (fresh ? 1 : 0)];
        try {
            for (int index = 0; index < found.size(); index++) {
                SegmentUse use = index == opened.length - 1 ? useOfLast : SegmentUse.READ;
                opened[index] = Segment.recovered(disk, found.get(index), config, use);
            }
            if (fresh) {
                opened[opened.length - 1] = opened[opened.length - 2].successor(disk, config, null);
            }
            return opened;
        } catch (IOException e) {
            for (Segment segment : opened) {
                if (segment != null) {
                    segment.abandon();
                }
            }
            throw e;
        }
    }

    /** The one that holds {@code offset}, or the first or last one when the offset is outside. */
    static Segment holding(Segment[] all, long offset) {
        int low = 0;
        int high = all.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (all[middle].baseOffset() <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return all[low];
    }

    /** One after the other as {@code count} goes up. */
    static Segment at(Segment[] all, int count) {
        return all[Math.floorMod(count, all.length)];
    }

    /** The one that follows {@code segment}. */
    static Segment after(Segment[] all, Segment segment) {
        for (int index = all.length - 2; index >= 0; index--) {
            if (all[index] == segment) {
                return all[index + 1];
            }
        }
        throw new IllegalStateException("no segment follows " + segment + " among " + all.length);
    }

    /** Bytes of the batches below {@code position}, log-absolute. */
    static long bytesBelow(Segment[] all, long position) {
        long bytes = 0;
        for (Segment segment : all) {
            bytes += Math.max(0, Math.min(segment.endPosition(), position) - segment.basePosition());
        }
        return bytes;
    }

    /** Few are not finished, and they are the last ones. */
    static int firstUnfinished(Segment[] all) {
        int index = all.length - 1;
        while (index > 0 && !all[index - 1].isFinished()) {
            index--;
        }
        return index;
    }

    /** How many finished ones at the beginning lie wholly below {@code offset}; never the last one. */
    static int droppableBelow(Segment[] all, long offset) {
        int count = 0;
        while (count < all.length - 1 && all[count].isFinished() && all[count + 1].baseOffset() <= offset) {
            count++;
        }
        return count;
    }

    /** All of them with another one in this place. */
    static Segment[] with(Segment[] all, int index, Segment segment) {
        Segment[] changed = all.clone();
        changed[index] = segment;
        return changed;
    }

    /** All of them with one in the place of a run; {@code all} itself when the run is not among them, or at their end. */
    static Segment[] replaced(Segment[] all, List<Segment> run, Segment replacement) {
        List<Segment> changed = new ArrayList<>(List.of(all));
        int at = Collections.indexOfSubList(changed, run);
        if (at < 0 || at + run.size() == changed.size()) {
            return all;
        }
        List<Segment> replaced = changed.subList(at, at + run.size());
        replaced.clear();
        replaced.add(replacement);
        return changed.toArray(new Segment[0]);
    }

    /** @throws IllegalArgumentException when one can't stand in the place of a run */
    static void requireWithin(List<Segment> run, Segment replacement) {
        boolean finished = replacement.isFinished() && run.stream().allMatch(Segment::isFinished);
        Segment first = run.get(0);
        Segment last = run.get(run.size() - 1);
        if (!finished || replacement.baseOffset() < first.baseOffset()
                || replacement.claimedOffset() > last.claimedOffset()
                || replacement.endPosition() > last.endPosition()) {
            throw new IllegalArgumentException("can't replace " + run + " by " + replacement
                    + ": all must be finished, and offsets lie within those of the run, and the end before its end");
        }
    }
}
