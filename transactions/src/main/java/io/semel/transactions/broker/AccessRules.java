package io.semel.transactions.broker;

import java.io.IOException;
import java.util.Set;

import io.semel.transactions.records.AccessEntry;
import io.semel.transactions.records.MetadataRecord.AccessRule;
import io.semel.transactions.records.MetadataRecord.AccessRule.Standing;

/**
 * Who may do what (Kafka's ACLs), as the metadata log says. Whether anybody goes by it is the server's affair.
 *
 * <p>Thread rule: any thread; changes come one after the other, and what is in force is read without a lock.
 */
public final class AccessRules {
    /** Each is a record that every opening reads, and is kept in memory. */
    public static final int MAX_ENTRIES = 10_000;

    private final MetadataLog metadata;
    private volatile Set<AccessEntry> inForce;

    AccessRules(MetadataLog metadata) {
        this.metadata = metadata;
        this.inForce = metadata.accessEntries();
    }

    /** Immutable; another object as soon as anything has changed. */
    public Set<AccessEntry> inForce() {
        return inForce;
    }

    /**
     * In force, and on the medium, when this returns.
     *
     * @throws AccessLimitException when there are {@link #MAX_ENTRIES} already
     */
    public synchronized void add(AccessEntry entry) throws IOException {
        if (inForce.contains(entry)) {
            return;
        }
        if (inForce.size() >= MAX_ENTRIES) {
            throw new AccessLimitException();
        }
        write(new AccessRule(entry, Standing.IN_FORCE));
    }

    /** @return whether it was in force; it is not, also on the medium, when this returns */
    public synchronized boolean remove(AccessEntry entry) throws IOException {
        boolean was = inForce.contains(entry);
        if (was) {
            write(new AccessRule(entry, Standing.REMOVED));
        }
        return was;
    }

    private void write(AccessRule change) throws IOException {
        metadata.write(change);
        inForce = metadata.accessEntries();
    }
}
