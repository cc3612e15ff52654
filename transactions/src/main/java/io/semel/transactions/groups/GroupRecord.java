package io.semel.transactions.groups;

import io.semel.transactions.records.ConsumerGroupValue;
import io.semel.transactions.records.GroupMetadataValue;

/**
 * What {@code __consumer_offsets} says last about a group itself.
 *
 * @param generation     the highest, 0 for none; the epoch of a consumer group
 * @param tellsOfMembers whether it had any; where nobody lives now, it has none and that is not on record yet
 * @param timestampMs    when it was written: without members, since when there are none. {@link
 *                       GroupMetadataValue#NO_TIMESTAMP} in records of old, and if there is no record
 */
record GroupRecord(GroupKind kind, int generation, String protocolType, boolean tellsOfMembers, long timestampMs) {

    static final GroupRecord NONE = new GroupRecord(GroupKind.CLASSIC, 0, "", false,
            GroupMetadataValue.NO_TIMESTAMP);

    static GroupRecord of(GroupMetadataValue value) {
        // A generation that was too large for its batch is there without members, but not without a leader.
        boolean hasMembers = value.leader() != null || !value.members().isEmpty();
        return new GroupRecord(GroupKind.CLASSIC, value.generation(), value.protocolType(), hasMembers, value
                .currentStateTimestampMs());
    }

    /** Does not say whether there were members: as in Kafka, how old an offset is counts from its commit alone. */
    static GroupRecord of(ConsumerGroupValue value) {
        return new GroupRecord(GroupKind.CONSUMER, value.epoch(), Protocols.CONSUMERS, false,
                GroupMetadataValue.NO_TIMESTAMP);
    }
}
