package io.semel.benchmarks.paired;

import java.util.Optional;

/**
 * A place in the code, how many samples were taken there and their share of all, as it travels from the contender's JVM
 * on a line of its standard output.
 */
record ProfileLine(int samples, int permille, String place) {
    private static final String PREFIX = "profile ";
    private static final int FIELDS = 3;

    String toLine() {
        return PREFIX + samples + ' ' + permille + ' ' + place;
    }

    /** Empty when the line is something else that a contender printed. */
    static Optional<ProfileLine> ofLine(String line) {
        if (!line.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String[] fields = line.substring(PREFIX.length()).split(" ", FIELDS);
        return Optional.of(new ProfileLine(Integer.parseInt(fields[0]), Integer.parseInt(fields[1]), fields[2]));
    }
}
