package io.semel.server.network.security;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Authorizer.Resource;
import io.semel.server.network.security.AclAuthorizer.Unlisted;
import io.semel.transactions.records.AccessEntry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Decisions by ACLs: those of the documentation of Kafka's authorizer, and any others against a naive look at all. */
class AclAuthorizerTest {
    private static final byte ALL = 2;
    private static final List<String> NAMES = List.of("*", "a", "ab", "abc", "abd", "b", "ba", "a*");
    private static final List<String> PRINCIPALS = List.of("User:*", "User:x", "User:y", "User:ANONYMOUS");
    private static final List<String> HOSTS = List.of("*", "10.0.0.1", "10.0.0.2");

    private static AccessEntry allow(String topic, String principal, Operation operation) {
        return new AccessEntry(Resource.TOPIC.code(), AccessEntry.LITERAL, topic, principal, "*", operation.code(),
                AccessEntry.ALLOW);
    }

    private static AccessEntry deny(String topic, String principal, byte operation) {
        return new AccessEntry(Resource.TOPIC.code(), AccessEntry.LITERAL, topic, principal, "*", operation,
                AccessEntry.DENY);
    }

    private static AclAuthorizer with(AccessEntry... entries) {
        Set<AccessEntry> all = Set.of(entries);
        return new AclAuthorizer(() -> all, Set.of("User:root"), Unlisted.DENIED);
    }

    private static boolean mayTouch(AclAuthorizer authorizer, String principal, Operation operation, String topic) {
        return authorizer.allows(principal, "10.0.0.1", operation, Resource.TOPIC, topic);
    }

    @Test
    void whatNobodyAllowsIsDenied() {
        assertFalse(mayTouch(with(), "User:x", Operation.READ, "a"));
        AclAuthorizer open = new AclAuthorizer(Set::of, Set.of(), Unlisted.ALLOWED);
        assertTrue(mayTouch(open, "User:x", Operation.READ, "a"));
        Set<AccessEntry> others = Set.of(allow("a", "User:y", Operation.READ));
        assertFalse(mayTouch(new AclAuthorizer(() -> others, Set.of(), Unlisted.ALLOWED), "User:x", Operation.READ,
                "a"), "an ACL is about it");
    }

    @Test
    void superUsersMayDoAnything() {
        assertTrue(mayTouch(with(deny("a", "User:*", ALL)), "User:root", Operation.DELETE, "a"));
    }

    @Test
    void whatIsDeniedNobodyElseAllows() {
        AclAuthorizer authorizer = with(allow("*", "User:*", Operation.READ), deny("a", "User:x", Operation.READ
                .code()));
        assertFalse(mayTouch(authorizer, "User:x", Operation.READ, "a"));
        assertTrue(mayTouch(authorizer, "User:x", Operation.READ, "b"));
        assertTrue(mayTouch(authorizer, "User:y", Operation.READ, "a"));
    }

    @Test
    void whoeverMayTouchMaySee() {
        for (Operation operation : List.of(Operation.READ, Operation.WRITE, Operation.DELETE, Operation.ALTER)) {
            assertTrue(mayTouch(with(allow("a", "User:x", operation)), "User:x", Operation.DESCRIBE, "a"));
        }
        assertFalse(mayTouch(with(allow("a", "User:x", Operation.CREATE)), "User:x", Operation.DESCRIBE, "a"));
        assertTrue(mayTouch(with(allow("a", "User:x", Operation.ALTER_CONFIGS)), "User:x",
                Operation.DESCRIBE_CONFIGS, "a"));
        assertTrue(mayTouch(with(allow("a", "User:x", Operation.READ), deny("a", "User:x", Operation.WRITE.code())),
                "User:x", Operation.DESCRIBE, "a"), "to deny one thing denies nothing else");
    }

    @Test
    void aChangeIsInForceAtTheNextQuestion() {
        AtomicReference<Set<AccessEntry>> inForce = new AtomicReference<>(Set.of());
        AclAuthorizer authorizer = new AclAuthorizer(inForce::get, Set.of(), Unlisted.DENIED);
        assertFalse(mayTouch(authorizer, "User:x", Operation.READ, "a"));
        inForce.set(Set.of(allow("a", "User:x", Operation.READ)));
        assertTrue(mayTouch(authorizer, "User:x", Operation.READ, "a"));
        inForce.set(Set.of());
        assertFalse(mayTouch(authorizer, "User:x", Operation.READ, "a"));
    }

    @Property(tries = 500)
    void everyDecisionIsThatOfALookAtAllOfThem(@ForAll long seed) {
        Random random = new Random(seed);
        Set<AccessEntry> entries = new HashSet<>();
        for (int count = random.nextInt(25); count > 0; count--) {
            entries.add(entry(random));
        }
        Unlisted unlisted = pick(List.of(Unlisted.values()), random);
        AclAuthorizer authorizer = new AclAuthorizer(() -> entries, Set.of(), unlisted);
        for (int question = 0; question < 50; question++) {
            String principal = PRINCIPALS.get(1 + random.nextInt(PRINCIPALS.size() - 1));
            String host = HOSTS.get(1 + random.nextInt(HOSTS.size() - 1));
            Operation operation = pick(List.of(Operation.values()), random);
            Resource resource = random.nextInt(4) == 0 ? Resource.GROUP : Resource.TOPIC;
            String name = pick(NAMES, random);
            assertEquals(naive(entries, unlisted, principal, host, operation, resource, name), authorizer.allows(
                    principal, host, operation, resource, name), () -> principal + ' ' + host + ' ' + operation + ' '
                            + resource + ' ' + name + " of " + entries);
        }
    }

    private static AccessEntry entry(Random random) {
        boolean isPrefixed = random.nextBoolean();
        byte operation = random.nextInt(4) == 0 ? ALL : pick(List.of(Operation.values()), random).code();
        return new AccessEntry((random.nextInt(4) == 0 ? Resource.GROUP : Resource.TOPIC).code(), isPrefixed
                ? AccessEntry.PREFIXED
                : AccessEntry.LITERAL, pick(NAMES, random), pick(PRINCIPALS, random), pick(HOSTS, random), operation,
                random.nextInt(3) == 0 ? AccessEntry.DENY : AccessEntry.ALLOW);
    }

    private static <T> T pick(List<T> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }

    /** In the words of Kafka's documentation. */
    private static boolean naive(Set<AccessEntry> entries, Unlisted unlisted, String principal, String host,
            Operation operation, Resource resource, String name) {
        List<AccessEntry> about = entries.stream().filter(each -> each.resourceType() == resource.code()).filter(
                each -> each.patternType() == AccessEntry.PREFIXED
                        ? name.startsWith(each.resource())
                        : each.resource().equals("*") || each.resource().equals(name)).toList();
        if (about.isEmpty()) {
            return unlisted == Unlisted.ALLOWED;
        }
        List<AccessEntry> mine = about.stream().filter(each -> Set.of("User:*", principal).contains(each.principal()))
                .filter(each -> Set.of("*", host).contains(each.host())).toList();
        boolean isDenied = mine.stream().anyMatch(each -> each.permissionType() == AccessEntry.DENY && Set.of(ALL,
                operation.code()).contains(each.operation()));
        Set<Byte> allowing = new HashSet<>(Set.of(ALL, operation.code()));
        if (operation == Operation.DESCRIBE) {
            allowing.addAll(Set.of((byte) 3, (byte) 4, (byte) 6, (byte) 7));
        }
        if (operation == Operation.DESCRIBE_CONFIGS) {
            allowing.add((byte) 11);
        }
        return !isDenied && mine.stream().anyMatch(each -> each.permissionType() == AccessEntry.ALLOW && allowing
                .contains(each.operation()));
    }
}
