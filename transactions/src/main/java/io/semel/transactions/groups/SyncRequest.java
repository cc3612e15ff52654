package io.semel.transactions.groups;

import java.util.Map;

/**
 * A member asks for its assignment; the leader brings everybody's.
 *
 * @param protocolType empty when the caller does not say
 * @param protocol     empty when the caller does not say
 * @param assignments  by member id; read only from the leader
 */
public record SyncRequest(Membership membership, String protocolType, String protocol,
        Map<String, byte[]> assignments) {
}
