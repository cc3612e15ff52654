package io.semel.transactions.records;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Who may, or may not, do what to which resources: an ACL, with Kafka's codes. Immutable.
 *
 * @param resourceType   code of ResourceType
 * @param patternType    code of PatternType: {@link #LITERAL} or {@link #PREFIXED}
 * @param resource       the resource's name, what its name begins with, or as a literal {@link #ANYTHING}
 * @param principal      {@code User:name}, or {@code User:*} for everybody
 * @param host           an address, or {@link #ANYTHING}
 * @param operation      code of AclOperation
 * @param permissionType code of AclPermissionType: {@link #DENY} or {@link #ALLOW}
 */
public record AccessEntry(byte resourceType, byte patternType, String resource, String principal, String host,
        byte operation, byte permissionType) {
    public static final String ANYTHING = "*";
    public static final String EVERYBODY = "User:*";

    public static final byte LITERAL = 3;
    public static final byte PREFIXED = 4;

    public static final byte DENY = 2;
    public static final byte ALLOW = 3;

    /** The same for the same entry: given twice, it is one. */
    public UUID id() {
        ByteBuffer bytes = encode(new FieldWriter()).toBuffer();
        return UUID.nameUUIDFromBytes(bytes.array());
    }

    FieldWriter encode(FieldWriter writer) {
        return writer.int8(resourceType).int8(patternType).string(resource).string(principal).string(host).int8(
                operation).int8(permissionType);
    }

    static AccessEntry decode(FieldReader reader) {
        return new AccessEntry(reader.int8(), reader.int8(), reader.string(), reader.string(), reader.string(), reader
                .int8(), reader.int8());
    }
}
