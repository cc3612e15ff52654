package io.semel.log.compaction;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class OffsetMapTest {
    private final ByteBuffer key = ByteBuffer.allocate(64);

    private boolean put(OffsetMap map, long number, long offset) {
        return map.put(key.putLong(8, number), 8, Long.BYTES, offset);
    }

    private long get(OffsetMap map, long number) {
        return map.get(key.putLong(8, number), 8, Long.BYTES);
    }

    @Property(tries = 100)
    void itIsAMapAsLongAsItHasRoom(@ForAll @Size(max = 600) List<@IntRange(max = 400) Integer> keys) {
        OffsetMap map = new OffsetMap(256);
        Map<Integer, Long> naive = new HashMap<>();
        for (int offset = 0; offset < keys.size(); offset++) {
            boolean fits = naive.containsKey(keys.get(offset)) || naive.size() < 192;
            assertEquals(fits, put(map, keys.get(offset), offset));
            if (fits) {
                naive.put(keys.get(offset), (long) offset);
            }
        }
        for (int number = 0; number <= 400; number++) {
            assertEquals(naive.getOrDefault(number, OffsetMap.NONE), get(map, number));
        }
        assertEquals(naive.size(), map.count());
    }

    @Test
    void aFullMapRefusesNewKeysAndTakesOldOnes() {
        OffsetMap map = new OffsetMap(4);
        assertTrue(put(map, 1, 0) && put(map, 2, 1) && put(map, 3, 2));
        assertFalse(put(map, 4, 3));
        assertTrue(put(map, 2, 4));
        assertEquals(OffsetMap.NONE, get(map, 4));
        assertEquals(4, get(map, 2));
        map.clear();
        assertEquals(OffsetMap.NONE, get(map, 2));
        assertTrue(put(map, 4, 5));
    }

    @Test
    void aKeyOutsideTheHeapIsTheSameKey() {
        OffsetMap map = new OffsetMap();
        ByteBuffer direct = ByteBuffer.allocateDirect(64).putLong(16, 42);
        assertTrue(map.put(direct, 16, Long.BYTES, 7));
        assertEquals(7, get(map, 42));
        assertTrue(map.put(key, 0, 0, 9), "an empty key is a key");
        assertEquals(9, map.get(direct, 3, 0));
    }
}
