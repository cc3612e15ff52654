package io.semel.log;

import java.io.IOException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a log, step by step: no more claims, all that are under way filled, nobody forces, sums up or cleans any more;
 * then the files are cut, forced and let go.
 *
 * <p>Thread rule: one thread, once.
 */
final class LogClosing {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogClosing.class);

    private final Log log;
    private final SegmentChain chain;
    private final Frontier frontier;
    private final GroupCommit groupCommit;
    private final Checkpointing checkpointing;
    private final Cleaning cleaning;
    private final DirectClaims directClaims;

    LogClosing(Log log, SegmentChain chain, Frontier frontier, GroupCommit groupCommit, Checkpointing checkpointing,
            Cleaning cleaning, DirectClaims directClaims) {
        this.log = log;
        this.chain = chain;
        this.frontier = frontier;
        this.groupCommit = groupCommit;
        this.checkpointing = checkpointing;
        this.cleaning = cleaning;
        this.directClaims = directClaims;
    }

    void close() throws IOException {
        cleaning.shut();
        chain.holdForEver();
        long end = chain.stop(Append.CLOSED);
        boolean filled = awaitPublished(end);
        boolean intact = log.holdFrontier() && shutGroupCommit();
        checkpointing.shut();
        log.wakeAll();
        if (!filled) {
            // Others may still be filling behind the claim that stays open, and nobody can tell when they are done.
            LOGGER.error("{} keeps its mappings until the process ends: a claim was never filled", log,
                    log.failure());
            return;
        }
        if (frontier.position() < end && log.failure() == null) {
            LOGGER.error("{} is closed over a direct claim that is still open: {}; records behind it were not"
                    + " acknowledged and are lost. Commit or abort claims before closing", log,
                    directClaims.oldest());
            chain.abandon();
        } else if (intact) {
            closeIntact();
        } else {
            chain.abandon();
        }
    }

    private void closeIntact() throws IOException {
        chain.close();
        if (checkpointing.isBehind()) {
            checkpointing.write(checkpointing.encode(), frontier.position());
        }
        cleaning.finish();
    }

    /** False when a force failed. */
    private boolean shutGroupCommit() {
        while (!groupCommit.tryShut()) {
            if (log.failure() != null) {
                return false;
            }
            Thread.yield();
        }
        return true;
    }

    /**
     * Unmapping under a claim would kill the JVM, so even an offline log waits until all claims are filled. False when one of
     * them never will be.
     */
    private boolean awaitPublished(long end) {
        while (log.failure() == null && frontier.position() < end
                && directClaims.endOfClaimAt(frontier.position()) < 0) {
            log.advance();
            Thread.yield();
        }
        // Offline or behind a direct claim the frontier stands still: the marks from there on tell what is filled.
        long position = frontier.position();
        while (position < end) {
            if (log.isAbandoned()) {
                return false;
            }
            // An open direct claim has a lease of its own, so nothing is unmapped under it.
            long filledEnd = Math.max(frontier.publishedEnd(position), directClaims.endOfClaimAt(position));
            position = Math.max(position, filledEnd);
            Thread.yield();
        }
        return true;
    }
}
