package io.semel.verify.scenarios;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.semel.verify.scenarios.worker.Sabotage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

class CellTest {
    private static List<Cell> cells(int from, int count) {
        return IntStream.range(from, from + count).mapToObj(Cell::of).toList();
    }

    @Test
    void thereAre32Cells() {
        assertEquals(32, cells(0, 32).stream().map(Cell::label).distinct().count());
        assertEquals(cells(0, 4), cells(32, 4));
    }

    @Test
    void anyFourThatBeginAtAMultipleOfFourHaveEveryValueOfEveryAxis() {
        for (int from = 0; from < 32; from += 4) {
            List<Cell> four = cells(from, 4);
            assertEquals(4, four.stream().map(Cell::killed).distinct().count(), four::toString);
            assertEquals(2, four.stream().map(Cell::order).distinct().count(), four::toString);
            assertEquals(2, four.stream().map(Cell::sharing).distinct().count(), four::toString);
            assertEquals(2, four.stream().map(Cell::durability).distinct().count(), four::toString);
        }
    }

    @Test
    void theSeedDrawsTheWholeScript() {
        Cell cell = Cell.of(3);
        Path directory = Path.of("/tmp/cell");
        Script script = cell.script(directory, Sabotage.NONE, 5, 7);
        assertEquals(5, script.kills());
        assertEquals(script, cell.script(directory, Sabotage.NONE, 5, 7));
        assertNotEquals(script, cell.script(directory, Sabotage.NONE, 5, 8));
    }
}
