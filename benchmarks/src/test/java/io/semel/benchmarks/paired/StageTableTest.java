package io.semel.benchmarks.paired;

import java.util.Map;

import org.junit.jupiter.api.Test;

import io.semel.benchmarks.workload.semel.TransactionStages.Part;

import static org.junit.jupiter.api.Assertions.assertEquals;

class StageTableTest {
    private static final Map<Part, Double> NS = Map.of(Part.EMPTY, 100.0, Part.ENCODE, 50.0, Part.PLAIN_APPEND, 150.0,
            Part.IDEMPOTENT_APPEND, 200.0, Part.RECORD, 900.0, Part.TWO_RECORDS, 1_250.0, Part.RECORD_AND_OFFSET,
            1_500.0);

    @Test
    void theStagesAddUpToTheWhole() {
        assertEquals(1_500.0, StageTable.stages(NS).values().stream().mapToDouble(Double::doubleValue).sum());
    }

    @Test
    void aMarkerIsWhatASecondPartitionAddsBeyondItsRecord() {
        assertEquals(150.0, StageTable.stages(NS).get("marker of the record's partition, with its branch"));
        assertEquals(450.0, StageTable.stages(NS).get("offset: check, encode, append, stage"));
        assertEquals(350.0, StageTable.stages(NS).get("decision: decide, encode, complete"));
    }
}
