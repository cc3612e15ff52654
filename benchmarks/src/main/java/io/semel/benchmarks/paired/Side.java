package io.semel.benchmarks.paired;

import java.util.List;
import java.util.Optional;

/** Whose code is measured, and what its JVM is started with. */
public enum Side {
    SEMEL,
    CHRONICLE,
    AERON,
    ARTEMIS,
    /** Of the machine, or of our format. */
    LIMIT,
    /** A part of the engine in isolation, beside what lost to it. */
    VARIANT;

    /** What its own documentation asks for. Semel asks for nothing. */
    List<String> jvmFlags() {
        return switch (this) {
            case SEMEL, LIMIT, VARIANT -> List.of();
            case CHRONICLE -> Peers.flags("chronicle-queue.flags");
            case AERON -> Peers.flags("aeron.flags");
            case ARTEMIS -> Peers.flags("artemis.flags");
        };
    }

    String classPath() {
        return switch (this) {
            case SEMEL, LIMIT, VARIANT, CHRONICLE -> Peers.classPath();
            case AERON -> Peers.aeronClassPath();
            case ARTEMIS -> Peers.artemisClassPath();
        };
    }

    /** Why it can't run on this machine, if it can't. */
    Optional<String> obstacle() {
        return switch (this) {
            case SEMEL, LIMIT, VARIANT, CHRONICLE -> Optional.empty();
            case AERON -> Peers.obstacle(Peers.AERON);
            case ARTEMIS -> Peers.obstacle(Peers.ARTEMIS);
        };
    }
}
