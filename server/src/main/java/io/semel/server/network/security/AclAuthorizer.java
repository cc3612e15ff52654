package io.semel.server.network.security;

import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.semel.server.network.request.Authorizer;
import io.semel.server.network.request.Peer;
import io.semel.transactions.broker.AccessRules;
import io.semel.transactions.records.AccessEntry;

/**
 * Goes by the ACLs that are in force at the moment of asking, with the rules of Kafka's StandardAuthorizer: super users
 * may do anything; what one ACL denies no other allows; nobody may do what no ACL allows.
 *
 * <p>Thread rule: any thread, without a lock; whoever first asks after a change arranges the ACLs anew.
 */
public final class AclAuthorizer implements Authorizer {
    /** Of AclOperation: every operation. */
    private static final byte ALL = 2;

    private final Supplier<Set<AccessEntry>> inForce;
    private final Set<String> superUsers;
    private final Unlisted unlisted;
    private volatile AccessIndex index = AccessIndex.of(Set.of());

    /** What may be done to a resource that no ACL is about ({@code allow.everyone.if.no.acl.found}). */
    public enum Unlisted {
        DENIED, ALLOWED
    }

    /** @param superUsers as {@code super.users} has them: {@code User:alice;User:bob} */
    public static AclAuthorizer of(AccessRules rules, String superUsers, Unlisted unlisted) {
        return new AclAuthorizer(rules::inForce, Arrays.stream(superUsers.split(";")).map(String::trim).filter(
                name -> !name.isEmpty()).collect(Collectors.toUnmodifiableSet()), unlisted);
    }

    AclAuthorizer(Supplier<Set<AccessEntry>> inForce, Set<String> superUsers, Unlisted unlisted) {
        this.inForce = Objects.requireNonNull(inForce);
        this.superUsers = Set.copyOf(superUsers);
        this.unlisted = unlisted;
    }

    @Override
    public boolean allows(Peer peer, Operation operation, Resource resource, String name) {
        return allows(peer.principal(), peer.host(), operation, resource, name);
    }

    boolean allows(String principal, String host, Operation operation, Resource resource, String name) {
        if (superUsers.contains(principal)) {
            return true;
        }
        Verdict verdict = new Verdict(principal, host, operation);
        current().forEachOf(resource.code(), name, verdict::take);
        return verdict.isAllowed(unlisted);
    }

    private AccessIndex current() {
        Set<AccessEntry> now = inForce.get();
        AccessIndex known = index;
        if (known.source() != now) {
            known = AccessIndex.of(now);
            index = known;
        }
        return known;
    }

    /** What the ACLs of one resource say of one question. */
    private static final class Verdict {
        private final String principal;
        private final String host;
        private final Operation operation;
        private boolean isListed;
        private boolean isAllowed;
        private boolean isDenied;

        Verdict(String principal, String host, Operation operation) {
            this.principal = principal;
            this.host = host;
            this.operation = operation;
        }

        void take(AccessEntry entry) {
            isListed = true;
            boolean isAbout = (entry.principal().equals(principal) || entry.principal().equals(AccessEntry.EVERYBODY))
                    && (entry.host().equals(host) || entry.host().equals(AccessEntry.ANYTHING));
            if (isAbout && entry.permissionType() == AccessEntry.DENY) {
                isDenied |= entry.operation() == ALL || entry.operation() == operation.code();
            } else if (isAbout) {
                isAllowed |= entry.operation() == ALL || implies(entry.operation(), operation);
            }
        }

        /** Whoever may touch a thing may see that it is there. */
        private static boolean implies(byte allowed, Operation wanted) {
            if (allowed == wanted.code()) {
                return true;
            }
            if (wanted == Operation.DESCRIBE) {
                return allowed == Operation.READ.code() || allowed == Operation.WRITE.code()
                        || allowed == Operation.DELETE.code() || allowed == Operation.ALTER.code();
            }
            return wanted == Operation.DESCRIBE_CONFIGS && allowed == Operation.ALTER_CONFIGS.code();
        }

        boolean isAllowed(Unlisted unlisted) {
            if (!isListed) {
                return unlisted == Unlisted.ALLOWED;
            }
            return isAllowed && !isDenied;
        }
    }
}
