package io.semel.verify.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The claims that a life has open and writes in place, over several of its steps. Thread rule: one thread. */
final class Directs {
    private static final int MAX_OPEN = 3;

    private final SplittableRandom random;
    private final BatchSource batches;
    private List<Direct> open = new ArrayList<>();

    Directs(SplittableRandom random, BatchSource batches) {
        this.random = random;
        this.batches = batches;
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    int count() {
        return open.size();
    }

    /** Opens one, writes some of one, or ends one. */
    void step(OpenLog log) {
        int drawn = random.nextInt(4);
        if (open.isEmpty() || drawn < 2 && open.size() < MAX_OPEN) {
            Direct direct = batches.nextDirect(log.newDirectClaim());
            if (log.openDirect(direct) >= 0) {
                open.add(direct);
                writeSome(direct);
            }
        } else if (drawn == 2) {
            writeSome(open.get(random.nextInt(open.size())));
        } else {
            end(log, open.remove(random.nextInt(open.size())));
        }
    }

    private void writeSome(Direct direct) {
        direct.write(random.nextInt(direct.value().capacity() + 1));
    }

    private void end(OpenLog log, Direct direct) {
        if (random.nextInt(3) == 0) {
            log.abort(direct);
        } else {
            log.commit(direct);
        }
    }

    /** Ends all, in any order. */
    void end(OpenLog log) {
        while (!open.isEmpty()) {
            end(log, open.remove(random.nextInt(open.size())));
        }
    }

    /** Their process died. */
    void forget() {
        open = new ArrayList<>();
    }
}
