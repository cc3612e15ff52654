package io.semel.server.network.security;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.Semel;
import io.semel.server.GuardedServer;
import io.semel.server.SemelServer;
import io.semel.server.network.OpenServer;
import io.semel.server.network.request.Authorizer;
import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Authorizer.Resource;
import io.semel.server.network.request.Peer;
import io.semel.server.network.security.AclAuthorizer.Unlisted;
import io.semel.transactions.broker.AccessRules;
import io.semel.transactions.records.AccessEntry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** ACLs by Kafka's own admin client: in force at once, and after a restart. */
class AclsTest {
    private static final AclBinding APPS = new AclBinding(new ResourcePattern(ResourceType.TOPIC, "app-",
            PatternType.PREFIXED), new AccessControlEntry(Peer.ANONYMOUS, "*", AclOperation.CREATE,
                    AclPermissionType.ALLOW));
    private static final AclBinding NOT_SECRETS = new AclBinding(new ResourcePattern(ResourceType.TOPIC, "app-secret",
            PatternType.LITERAL), new AccessControlEntry("User:*", "127.0.0.1", AclOperation.ALL,
                    AclPermissionType.DENY));

    @TempDir
    Path directory;
    private Semel semel;
    private Admin admin;

    @BeforeEach
    void open() throws IOException {
        semel = Semel.open(directory);
        AccessRules rules = semel.runtime().broker().accessRules();
        SemelServer server = GuardedServer.listen(semel, AclAuthorizer.of(rules, "User:root; User:boss",
                Unlisted.DENIED));
        admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()));
        for (Operation operation : List.of(Operation.ALTER, Operation.DESCRIBE)) {
            rules.add(new AccessEntry(Resource.CLUSTER.code(), AccessEntry.LITERAL, Authorizer.CLUSTER_NAME,
                    Peer.ANONYMOUS, "*", operation.code(), AccessEntry.ALLOW));
        }
    }

    @AfterEach
    void close() throws IOException {
        admin.close();
        semel.close();
    }

    private static void failsWith(Class<? extends Exception> expected, KafkaFuture<?> future) {
        Throwable cause = assertThrows(ExecutionException.class, () -> future.get(30, TimeUnit.SECONDS)).getCause();
        assertEquals(expected, cause.getClass(), () -> cause.toString());
    }

    private KafkaFuture<Void> create(String topic) {
        return admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all();
    }

    private Set<AclBinding> found(AclBindingFilter filter) throws Exception {
        return Set.copyOf(admin.describeAcls(filter).values().get());
    }

    @Test
    void whatIsAllowedAndDeniedIsInForceAtOnceAndAfterARestart() throws Exception {
        failsWith(TopicAuthorizationException.class, create("app-a"));
        admin.createAcls(List.of(APPS, NOT_SECRETS)).all().get();
        create("app-a").get();
        failsWith(TopicAuthorizationException.class, create("app-secret"));
        failsWith(TopicAuthorizationException.class, create("ap"));
        close();
        open();
        create("app-b").get();
        failsWith(TopicAuthorizationException.class, create("app-secret"));
        Collection<AclBinding> deleted = admin.deleteAcls(List.of(NOT_SECRETS.toFilter())).all().get();
        assertEquals(List.of(NOT_SECRETS), List.copyOf(deleted));
        create("app-secret").get();
        close();
        open();
        assertEquals(Set.of(APPS), found(APPS.toFilter()));
        assertEquals(Set.of(), found(NOT_SECRETS.toFilter()));
    }

    @Test
    void filtersFindWhatKafkasDo() throws Exception {
        admin.createAcls(List.of(APPS, NOT_SECRETS)).all().get();
        assertEquals(4, found(AclBindingFilter.ANY).size());
        assertEquals(Set.of(APPS, NOT_SECRETS), found(filter("app-secret", PatternType.MATCH)));
        assertEquals(Set.of(NOT_SECRETS), found(filter("app-secret", PatternType.LITERAL)));
        assertEquals(Set.of(NOT_SECRETS), found(filter("app-secret", PatternType.ANY)));
        assertEquals(Set.of(APPS), found(filter(null, PatternType.PREFIXED)));
        assertEquals(Set.of(APPS), found(filter("app-b", PatternType.MATCH)));
    }

    private static AclBindingFilter filter(String topic, PatternType pattern) {
        return new AclBindingFilter(new ResourcePatternFilter(ResourceType.TOPIC, topic, pattern),
                AccessControlEntryFilter.ANY);
    }

    @Test
    void theSameAclTwiceIsOne() throws Exception {
        admin.createAcls(List.of(APPS)).all().get();
        admin.createAcls(List.of(APPS)).all().get();
        assertEquals(1, admin.deleteAcls(List.of(APPS.toFilter())).all().get().size());
        assertEquals(0, admin.deleteAcls(List.of(APPS.toFilter())).all().get().size());
    }

    @Test
    void whoeverMayNotChangeThemMayNot() throws Exception {
        AccessRules rules = semel.runtime().broker().accessRules();
        for (AccessEntry entry : rules.inForce()) {
            rules.remove(entry);
        }
        failsWith(ClusterAuthorizationException.class, admin.createAcls(List.of(APPS)).all());
        failsWith(ClusterAuthorizationException.class, admin.deleteAcls(List.of(APPS.toFilter())).all());
        failsWith(ClusterAuthorizationException.class, admin.describeAcls(AclBindingFilter.ANY).values());
        assertEquals(Set.of(), rules.inForce());
    }

    @Test
    void whatMeansNothingIsRefused() {
        failsWith(InvalidRequestException.class, admin.createAcls(List.of(new AclBinding(new ResourcePattern(
                ResourceType.CLUSTER, "elsewhere", PatternType.LITERAL), APPS.entry()))).all());
        failsWith(InvalidRequestException.class, admin.createAcls(List.of(new AclBinding(APPS.pattern(),
                new AccessControlEntry("nobody", "*", AclOperation.READ, AclPermissionType.ALLOW)))).all());
    }

    @Test
    void withoutAnAuthorizerThereAreNone(@TempDir Path other) throws Exception {
        try (OpenServer open = OpenServer.in(other); Admin anybody = open.admin()) {
            failsWith(SecurityDisabledException.class, anybody.createAcls(List.of(APPS)).all());
            failsWith(SecurityDisabledException.class, anybody.describeAcls(AclBindingFilter.ANY).values());
            failsWith(SecurityDisabledException.class, anybody.deleteAcls(List.of(APPS.toFilter())).all());
        }
    }
}
