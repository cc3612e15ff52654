package io.semel.server.transactions;

import java.nio.file.Path;

/**
 * What to do about a transaction that is open. It depends on whether its process is there: without one the next opening
 * of the directory ends whatever is open, in one a timeout does.
 *
 * @param live whether a process may have the directory open
 */
record Remedy(Path directory, boolean live, long nowMs) {
    /** A sentence, and the command where there is one. */
    String of(FoundTransaction found) {
        if (!found.isOpen()) {
            return "nothing: it holds nobody";
        }
        if (found.isDecided()) {
            return (found.isCommitDecided() ? "its commit" : "its abort") + " is decided and nobody takes that back; "
                    + (live ? "its process is writing the markers"
                            : "the next opening of the directory writes the markers")
                    + " that are missing";
        }
        if (found.transactionalId().isEmpty()) {
            return "no transactional id knows this producer, so nothing times it out: the next opening of the directory"
                    + " aborts it" + (live ? "; close its process and open it again" : "");
        }
        if (found.isPrepared()) {
            return "it is prepared, and nothing but a decision ends it: its owner's, when it comes back, or yours, as the "
                    + "system says that decides over it" + (live
                            ? "; have that process call SemelAdmin.commitTransaction(\"" + found.transactionalId()
                                    + "\") or abortTransaction"
                            : ": ./semel transactions commit " + found.transactionalId() + " --data " + directory
                                    + ", or abort");
        }
        return live ? beside(found) : "its process is gone, and the next opening of the directory aborts it: ./semel"
                + " transactions abort " + found.transactionalId() + " --data " + directory;
    }

    private String beside(FoundTransaction found) {
        long leftMs = found.beganMs() + found.timeoutMs() - nowMs;
        String wait = leftMs > 0
                ? "wait until its timeout at " + Hold.time(found.beganMs() + found.timeoutMs()) + ", in "
                        + (leftMs + 999) / 1000 + " s"
                : "its timeout was at " + Hold.time(found.beganMs() + found.timeoutMs())
                        + ": its process aborts it within a second, unless it hangs";
        return wait + "; or have that process call SemelAdmin.abortTransaction(\"" + found.transactionalId()
                + "\"); or close that process, and then: ./semel transactions abort " + found.transactionalId()
                + " --data " + directory;
    }
}
