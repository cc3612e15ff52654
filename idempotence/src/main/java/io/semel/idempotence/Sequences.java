package io.semel.idempotence;

/** Sequence numbers: 0 to 2^31-1, then 0 again. */
final class Sequences {
    private Sequences() {
    }

    static int plus(int sequence, int increment) {
        return (sequence + increment) & Integer.MAX_VALUE;
    }

    /** Whether {@code sequence} came before {@code other}, the nearer way round the circle. */
    static boolean isBefore(int sequence, int other) {
        int distance = (other - sequence) & Integer.MAX_VALUE;
        return distance != 0 && distance < (1 << 30);
    }
}
