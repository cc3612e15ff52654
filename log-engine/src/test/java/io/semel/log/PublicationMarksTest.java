package io.semel.log;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PublicationMarksTest {
    private static final int CELLS = 16;

    /** Claims as far as the ring covers, publishes in the order of {@code shuffle}, and walks as the frontier does. */
    @Property
    void aMarkIsNeverOverwrittenBeforeTheFrontierConsumedIt(@ForAll @IntRange(max = 200) int firstPosition,
            @ForAll @Size(min = 1, max = 300) List<@IntRange(min = 68, max = 1500) Integer> lengths,
            @ForAll @IntRange(max = 7) int shuffle) {
        PublicationMarks marks = new PublicationMarks(CELLS);
        marks.prepare();
        Deque<long[]> unpublished = new ArrayDeque<>();
        Deque<long[]> unconsumed = new ArrayDeque<>();
        long frontier = firstPosition;
        long claimed = firstPosition;
        for (int length : lengths) {
            while (!marks.covers(claimed, frontier)) {
                if (!unpublished.isEmpty()) {
                    long[] each = (unpublished.size() + shuffle) % 3 == 0 ? unpublished.pollLast() : unpublished.poll();
                    marks.publishVolatile(each[0], each[1]);
                }
                frontier = walk(marks, frontier, unconsumed, unpublished);
            }
            long[] batch = {claimed, claimed + length};
            unpublished.add(batch);
            unconsumed.add(batch);
            claimed += length;
        }
        while (!unpublished.isEmpty()) {
            long[] each = unpublished.pollLast();
            marks.publishVolatile(each[0], each[1]);
        }
        frontier = walk(marks, frontier, unconsumed, unpublished);
        assertEquals(claimed, frontier);
    }

    private static long walk(PublicationMarks marks, long from, Deque<long[]> unconsumed, Deque<long[]> unpublished) {
        long frontier = from;
        long end = marks.endAtAcquire(frontier);
        while (end > frontier) {
            long[] next = unconsumed.poll();
            assertFalse(unpublished.contains(next), "frontier passed a hole");
            assertEquals(next[0], frontier);
            assertEquals(next[1], end);
            frontier = end;
            end = marks.endAtAcquire(frontier);
        }
        return frontier;
    }

    @Example
    void theRingIsMadeOnceAndNothingIsPublishedBefore() {
        PublicationMarks marks = new PublicationMarks(CELLS);
        assertFalse(marks.isPrepared());
        assertEquals(0, marks.endAtAcquire(640));
        assertEquals(0, marks.endAtVolatile(640));
        marks.prepare();
        assertTrue(marks.isPrepared());
        marks.publishVolatile(640, 740);
        marks.prepare();
        assertEquals(740, marks.endAtAcquire(640));
    }

    @Property
    void noCoveredStartSharesACellWithTheFrontierOneLapEarlier(@ForAll @IntRange(max = 63) int frontierByte,
            @ForAll @IntRange(max = 63) int startByte, @ForAll @IntRange(max = 3 * CELLS) int frontierCell) {
        PublicationMarks marks = new PublicationMarks(CELLS);
        long frontier = frontierCell * 64L + frontierByte;
        long oneLapLater = (frontierCell + CELLS) * 64L + startByte;
        assertFalse(marks.covers(oneLapLater, frontier));
        assertTrue(marks.covers(oneLapLater - 64, frontier));
    }

    @Property
    void aClaimWordKeepsBothCounts(@ForAll @IntRange(min = 0) int records, @ForAll @IntRange(min = 0) int bytes,
            @ForAll @IntRange(min = 1) int moreRecords, @ForAll @IntRange(min = 1) int moreBytes) {
        long word = ClaimWord.of(records, bytes);
        assertEquals(records, ClaimWord.records(word));
        assertEquals(bytes, ClaimWord.bytes(word));
        boolean fits = (long) bytes + moreBytes <= Integer.MAX_VALUE && (long) records
                + moreRecords <= Integer.MAX_VALUE;
        assertEquals(fits, ClaimWord.fits(word, moreRecords, moreBytes, Integer.MAX_VALUE));
        if (fits) {
            long more = ClaimWord.plus(word, moreRecords, moreBytes);
            assertEquals(records + moreRecords, ClaimWord.records(more));
            assertEquals(bytes + moreBytes, ClaimWord.bytes(more));
            assertFalse(ClaimWord.isSealed(more));
            assertTrue(ClaimWord.isSealed(ClaimWord.sealed(more)));
            assertEquals(bytes + moreBytes, ClaimWord.bytes(ClaimWord.sealed(more)));
        }
    }
}
