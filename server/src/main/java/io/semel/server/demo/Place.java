package io.semel.server.demo;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * Where the feeder stands: the next line, as a group's offset, and where in the text it begins, as the offset's note.
 *
 * @param line     number of the next line in the whole feed, over all passes
 * @param pass     how often the text was read to its end before
 * @param position byte of the text at which the line begins
 */
record Place(long line, int pass, long position) {
    static final Place START = new Place(0, 0, 0);

    OffsetAndMetadata toOffset() {
        return new OffsetAndMetadata(line, pass + " " + position);
    }

    /** @param committed null when nothing was committed yet */
    static Place of(OffsetAndMetadata committed) {
        if (committed == null) {
            return START;
        }
        String[] parts = committed.metadata().split(" ");
        return new Place(committed.offset(), Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
    }
}
