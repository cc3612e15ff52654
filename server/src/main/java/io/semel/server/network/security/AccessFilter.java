package io.semel.server.network.security;

import java.util.Set;
import java.util.stream.Stream;

import io.semel.server.network.request.Outcome;
import io.semel.transactions.records.AccessEntry;
import io.semel.wire.protocol.Errors;

/**
 * Which ACLs a client asks for, with Kafka's codes; a null matches anything. Immutable.
 *
 * @param patternType {@link #ANY}, {@link #MATCH} for every pattern that the name matches, or a pattern's own
 */
record AccessFilter(byte resourceType, String resource, byte patternType, String principal, String host,
        byte operation, byte permissionType) {
    static final byte UNKNOWN = 0;
    static final byte ANY = 1;
    static final byte MATCH = 2;

    static final Outcome NOT_KNOWN = Outcome.refused(Errors.INVALID_REQUEST,
            "the filter has a code that means something newer than what is known here");

    /** Whether the codes are known: those that are not mean something that nobody here can tell. */
    boolean isKnown() {
        return resourceType != UNKNOWN && patternType > UNKNOWN && patternType <= AccessEntry.PREFIXED
                && operation != UNKNOWN && permissionType > UNKNOWN && permissionType <= AccessEntry.ALLOW;
    }

    Stream<AccessEntry> of(Set<AccessEntry> entries) {
        return entries.stream().filter(this::matches);
    }

    boolean matches(AccessEntry entry) {
        return isAny(resourceType, entry.resourceType()) && isAny(operation, entry.operation()) && isAny(
                permissionType, entry.permissionType()) && (principal == null || principal.equals(entry.principal()))
                && (host == null || host.equals(entry.host())) && matchesPattern(entry);
    }

    private static boolean isAny(byte wanted, byte given) {
        return wanted == ANY || wanted == given;
    }

    private boolean matchesPattern(AccessEntry entry) {
        if (patternType != MATCH) {
            return isAny(patternType, entry.patternType()) && (resource == null || resource.equals(entry.resource()));
        }
        if (resource == null) {
            return true;
        }
        return entry.patternType() == AccessEntry.PREFIXED
                ? resource.startsWith(entry.resource())
                : entry.resource().equals(resource) || entry.resource().equals(AccessEntry.ANYTHING);
    }
}
