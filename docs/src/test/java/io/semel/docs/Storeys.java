package io.semel.docs;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A house of named rooms, one set of rooms per storey, ground floor first. Who lives in a room may look into any room
 * of a lower storey and into no other. Immutable.
 */
final class Storeys {
    /** The packages, named after {@code io.semel}. Rooms of one storey do not know each other. */
    static final Storeys PACKAGES = new Storeys(List.of(
            Set.of("log.memory", "wire"),
            Set.of("log.batch"),
            Set.of("log.compaction"),
            Set.of("log"),
            Set.of("idempotence"),
            Set.of("transactions.partition", "transactions.records"),
            Set.of("transactions.coordinator", "transactions.groups"),
            Set.of("transactions.broker"),
            Set.of("client", "server.network"),
            Set.of("server"),
            Set.of("verify.kafka", "verify.machine", "verify.disk", "verify.realdisk.worker", "verify.history"),
            Set.of("verify.realdisk", "verify.rdkafka", "verify.clients", "verify.longrun", "verify.programs",
                    "verify.protocol", "verify.report"),
            Set.of("verify.scenarios"),
            Set.of("benchmarks", "verify"),
            Set.of("docs")));

    /** The Maven modules, by directory. */
    static final Storeys MODULES = new Storeys(List.of(
            Set.of("log-engine", "wire"),
            Set.of("idempotence"),
            Set.of("transactions"),
            Set.of("client"),
            Set.of("server", "stress-tests"),
            Set.of("kafka-broker", "kafka-tools", "kafka-older-clients"),
            Set.of("benchmarks", "verifiable-tests"),
            Set.of("docs")));

    private final List<Set<String>> storeys;

    private Storeys(List<Set<String>> storeys) {
        this.storeys = storeys;
    }

    /** What is wrong with {@code from} looking at {@code to}, if anything. A name that is on no storey is wrong too. */
    Optional<String> objection(String from, String to) {
        Optional<String> fromRoom = roomOf(from);
        Optional<String> toRoom = roomOf(to);
        if (fromRoom.isEmpty() || toRoom.isEmpty()) {
            return Optional.of((fromRoom.isEmpty() ? from : to)
                    + " is in no room of the house; give it one in Storeys");
        }
        boolean fine = fromRoom.equals(toRoom) || storeyOf(toRoom.get()) < storeyOf(fromRoom.get());
        return fine ? Optional.empty() : Optional.of(fromRoom.get() + " looks at " + toRoom.get() + "; only down");
    }

    /** The room with the longest name that holds {@code name}: {@code log.memory.os} lives in {@code log.memory}. */
    private Optional<String> roomOf(String name) {
        return storeys.stream().flatMap(Set::stream)
                .filter(room -> name.equals(room) || name.startsWith(room + "."))
                .reduce((one, other) -> one.length() > other.length() ? one : other);
    }

    private int storeyOf(String room) {
        int storey = 0;
        while (!storeys.get(storey).contains(room)) {
            storey++;
        }
        return storey;
    }
}
