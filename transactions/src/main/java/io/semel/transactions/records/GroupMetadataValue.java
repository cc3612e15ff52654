package io.semel.transactions.records;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Value of a group's record in {@code __consumer_offsets}: one generation. Reads versions 0 to 4, writes 3.
 *
 * <pre>
 *   version:int16   protocolType:string   generation:int32   protocol:string?   leader:string?
 *   currentStateTimestampMs:int64 (2+)    members:[GroupMetadataMember]         tagged (4+)
 * </pre>
 *
 * @param protocol null when the generation has no members
 * @param leader   null when the generation has no members
 */
public record GroupMetadataValue(String protocolType, int generation, String protocol, String leader,
        long currentStateTimestampMs, List<GroupMetadataMember> members) {

    public static final long NO_TIMESTAMP = -1L;

    private static final short WRITTEN_VERSION = 3;
    private static final short FLEXIBLE_VERSION = 4;

    public GroupMetadataValue {
        members = List.copyOf(members);
    }

    /** Nobody has a seat, and from {@code sinceMs} on nobody had. */
    public static GroupMetadataValue withoutMembers(String protocolType, int generation, long sinceMs) {
        return new GroupMetadataValue(protocolType, generation, null, null, sinceMs, List.of());
    }

    public ByteBuffer encode() {
        return encode(new FieldWriter()).toBuffer();
    }

    public FieldWriter encode(FieldWriter writer) {
        writer.int16(WRITTEN_VERSION).string(protocolType).int32(generation).nullableString(protocol)
                .nullableString(leader).int64(currentStateTimestampMs).arrayCount(members.size());
        for (GroupMetadataMember member : members) {
            member.encode(writer);
        }
        return writer;
    }

    public static GroupMetadataValue decode(ByteBuffer value) {
        FieldReader reader = new FieldReader("group value", value);
        short version = reader.int16Within("version", 0, FLEXIBLE_VERSION);
        boolean flexible = version >= FLEXIBLE_VERSION;
        reader.encoding(flexible ? Encoding.COMPACT : Encoding.FIXED);

        String protocolType = reader.string();
        int generation = reader.int32();
        String protocol = reader.nullableString();
        String leader = reader.nullableString();
        long timestampMs = version >= 2 ? reader.int64() : NO_TIMESTAMP;
        List<GroupMetadataMember> members = members(reader, version, flexible);
        if (flexible) {
            reader.taggedFields(FieldReader.TaggedField.SKIP);
        }
        reader.end();
        return new GroupMetadataValue(protocolType, generation, protocol, leader, timestampMs, members);
    }

    private static List<GroupMetadataMember> members(FieldReader reader, short version, boolean flexible) {
        int count = reader.arrayCount(GroupMetadataMember.SHORTEST_LENGTH);
        List<GroupMetadataMember> members = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            members.add(GroupMetadataMember.decode(reader, version));
            if (flexible) {
                reader.taggedFields(FieldReader.TaggedField.SKIP);
            }
        }
        return members;
    }
}
