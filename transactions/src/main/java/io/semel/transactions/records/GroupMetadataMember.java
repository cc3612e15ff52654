package io.semel.transactions.records;

/**
 * One member inside a {@link GroupMetadataValue}.
 *
 * <pre>
 *   memberId:string   groupInstanceId:string? (3+)   clientId:string   clientHost:string
 *   rebalanceTimeoutMs:int32 (1+)   sessionTimeoutMs:int32   subscription:bytes   assignment:bytes   tagged (4+)
 * </pre>
 *
 * <p>The arrays are not copied: whoever hands them in leaves them alone.
 *
 * @param groupInstanceId null for a dynamic member
 */
public record GroupMetadataMember(String memberId, String groupInstanceId, String clientId, String clientHost,
        int rebalanceTimeoutMs, int sessionTimeoutMs, byte[] subscription, byte[] assignment) {

    /** What version 0 could not say. */
    public static final int NO_TIMEOUT = -1;

    /** Five empty lengths of one byte and the session timeout: bounds the count that a reader believes. */
    static final int SHORTEST_LENGTH = 5 + Integer.BYTES;

    void encode(FieldWriter writer) {
        writer.string(memberId).nullableString(groupInstanceId).string(clientId).string(clientHost)
                .int32(rebalanceTimeoutMs).int32(sessionTimeoutMs).bytes(subscription).bytes(assignment);
    }

    static GroupMetadataMember decode(FieldReader reader, short version) {
        return new GroupMetadataMember(reader.string(), version >= 3 ? reader.nullableString() : null, reader.string(),
                reader.string(), version >= 1 ? reader.int32() : NO_TIMEOUT, reader.int32(), reader.bytes(),
                reader.bytes());
    }
}
