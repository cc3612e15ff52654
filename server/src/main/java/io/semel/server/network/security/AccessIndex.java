package io.semel.server.network.security;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

import io.semel.transactions.records.AccessEntry;

/**
 * ACLs, so arranged that those of a resource are found without a look at all of them: literal ones by name, prefixed
 * ones by a walk down the sorted prefixes. Immutable.
 *
 * @param source what it was made of
 */
record AccessIndex(Set<AccessEntry> source, Map<Byte, Shelf> byResourceType) {

    /** The ACLs of one kind of resource. */
    private record Shelf(Map<String, List<AccessEntry>> literal, TreeMap<String, List<AccessEntry>> prefixed) {
        Shelf() {
            this(new HashMap<>(), new TreeMap<>());
        }
    }

    static AccessIndex of(Set<AccessEntry> entries) {
        Map<Byte, Shelf> shelves = new HashMap<>();
        for (AccessEntry entry : entries) {
            Shelf shelf = shelves.computeIfAbsent(entry.resourceType(), type -> new Shelf());
            Map<String, List<AccessEntry>> byName = entry.patternType() == AccessEntry.PREFIXED
                    ? shelf.prefixed
                    : shelf.literal;
            byName.computeIfAbsent(entry.resource(), name -> new ArrayList<>()).add(entry);
        }
        return new AccessIndex(entries, shelves);
    }

    /** Every entry whose pattern matches the resource. */
    void forEachOf(byte resourceType, String name, Consumer<AccessEntry> each) {
        Shelf shelf = byResourceType.get(resourceType);
        if (shelf == null) {
            return;
        }
        shelf.literal.getOrDefault(name, List.of()).forEach(each);
        if (!name.equals(AccessEntry.ANYTHING)) {
            shelf.literal.getOrDefault(AccessEntry.ANYTHING, List.of()).forEach(each);
        }
        Map.Entry<String, List<AccessEntry>> next = shelf.prefixed.floorEntry(name);
        while (next != null) {
            if (name.startsWith(next.getKey())) {
                next.getValue().forEach(each);
                next = shelf.prefixed.lowerEntry(next.getKey());
            } else {
                // A prefix of the name that is lower is a prefix of what the two have in common too.
                next = shelf.prefixed.floorEntry(name.substring(0, commonLength(name, next.getKey())));
            }
        }
    }

    private static int commonLength(String one, String other) {
        int length = 0;
        while (length < Math.min(one.length(), other.length()) && one.charAt(length) == other.charAt(length)) {
            length++;
        }
        return length;
    }
}
