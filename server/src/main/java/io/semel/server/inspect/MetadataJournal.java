package io.semel.server.inspect;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

import io.semel.idempotence.DeadIds;
import io.semel.log.batch.RecordCursor;
import io.semel.transactions.records.MetadataRecord;

/** Which topics {@code __semel_metadata} says there are, and which producer ids are dead. Thread rule: one thread. */
final class MetadataJournal implements RecordCheck.Journal {
    private final Map<String, MetadataRecord.TopicCreated> topics = new TreeMap<>();
    private final Set<UUID> deleted = new HashSet<>();
    private final DeadIds deadIds = new DeadIds();

    @Override
    public void take(Path file, int position, RecordCursor record) {
        MetadataRecord change = MetadataRecord.decode(record.keySlice(), record.valueSlice());
        if (change instanceof MetadataRecord.TopicCreated created) {
            topics.put(created.name(), created);
        } else if (change instanceof MetadataRecord.TopicDeleted gone) {
            topics.computeIfPresent(gone.name(), (name, topic) -> topic.id().equals(gone.id()) ? null : topic);
            deleted.add(gone.id());
        } else if (change instanceof MetadataRecord.ProducerIdsDead dead) {
            deadIds.put(dead.block(), dead.dead());
        } else if (change instanceof MetadataRecord.TopicConfig config) {
            topics.replaceAll((name, topic) -> topic.with(config));
        } else if (change instanceof MetadataRecord.TopicGrown grown) {
            topics.replaceAll((name, topic) -> topic.with(grown));
        }
    }

    Map<String, MetadataRecord.TopicCreated> topics() {
        return topics;
    }

    /** The producer ids whose death it holds. */
    DeadIds deadIds() {
        return deadIds;
    }

    Set<UUID> deleted() {
        return deleted;
    }
}
