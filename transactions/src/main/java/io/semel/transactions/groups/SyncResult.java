package io.semel.transactions.groups;

/** Answer to a {@link SyncRequest}. The array is shared: leave it alone. */
public record SyncResult(GroupError error, String protocolType, String protocol, byte[] assignment) {

    static final byte[] NO_ASSIGNMENT = {};

    static SyncResult refused(GroupError error) {
        return new SyncResult(error, "", "", NO_ASSIGNMENT);
    }
}
