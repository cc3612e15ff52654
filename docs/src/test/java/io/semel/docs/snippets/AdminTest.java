package io.semel.docs.snippets;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.Semel;
import io.semel.client.SemelAdmin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** Topics, groups and offsets. */
class AdminTest {
    @TempDir
    Path directory;

    @Test
    void administersTopicsGroupsAndOffsets() throws Exception {
        List<String> marks = new ArrayList<>();
        try (Semel semel = Semel.open(directory)) {
            // snippet: admin
            SemelAdmin admin = semel.admin();
            admin.createTopic("orders", 4, Map.of("segment.bytes", "67108864"));
            for (SemelAdmin.PartitionDescription each : admin.describeTopic("orders").partitions()) {
                marks.add(each.start() + " <= " + each.stable() + " <= " + each.end());
            }
            admin.resetGroupOffsets("billing", Map.of(new TopicPartition("orders", 0), new OffsetAndMetadata(0)));
            Map<TopicPartition, OffsetAndMetadata> committed = admin.groupOffsets("billing");
            admin.deleteGroup("billing");
            admin.deleteTopic("orders");
            // end-snippet
            assertEquals(Map.of(new TopicPartition("orders", 0), new OffsetAndMetadata(0)), committed);
            assertEquals(Collections.nCopies(4, "0 <= 0 <= 0"), marks);
            assertEquals(List.of(), admin.listGroups());
            assertFalse(admin.hasTopic("orders"));
        }
    }

    @Test
    void keepsRecordsAsLongAsTheTopicSays() throws Exception {
        try (Semel semel = Semel.open(directory)) {
            SemelAdmin admin = semel.admin();
            // snippet: retention
            admin.createTopic("clicks", 1, Map.of("retention.ms", "86400000", "retention.bytes", "1073741824"));
            // Takes the place of the whole configuration; what is not given has its default.
            admin.configureTopic("clicks", Map.of("retention.ms", "3600000"));
            long start = admin.deleteRecords("clicks", 0, SemelAdmin.TO_THE_END);
            // end-snippet
            assertEquals(0, start);
            assertEquals(Map.of("retention.ms", "3600000"), admin.describeTopic("clicks").configs());
        }
    }
}
