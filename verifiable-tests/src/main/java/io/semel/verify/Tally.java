package io.semel.verify;

import java.util.concurrent.atomic.AtomicLong;

/** What a worker has done so far. Thread rule: any thread. */
final class Tally {
    final AtomicLong records = new AtomicLong();
    final AtomicLong transactions = new AtomicLong();
    final AtomicLong aborts = new AtomicLong();
    final AtomicLong retries = new AtomicLong();
    final AtomicLong overtakings = new AtomicLong();
    final AtomicLong takeovers = new AtomicLong();

    /** The counts of a line of {@link Report}, by name. */
    long[] counts() {
        return new long[] {records.get(), transactions.get(), aborts.get(), retries.get(), overtakings.get(),
            takeovers.get()};
    }
}
