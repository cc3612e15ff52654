package io.semel.log;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Questions about runs of a log's segments, which stand in order of their offsets. Stateless. */
final class SegmentRuns {
    private SegmentRuns() {
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
