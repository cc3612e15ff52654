package io.semel.idempotence;

/**
 * A producer id that is alive, and the highest epoch handed out for it, for the whole directory: raising the epoch here
 * is what fences every older instance in every partition at once (T6).
 *
 * <p>Thread rule: any thread. The epoch only rises, also when the recoveries of several partitions raise it at once.
 */
public final class ProducerIdentity {
    private final long producerId;
    private final Fences fences = new Fences();
    private volatile short epoch;
    private volatile boolean alive = true;
    private volatile String fencedBecause = "";

    ProducerIdentity(long producerId, short epoch) {
        this.producerId = producerId;
        this.epoch = epoch;
    }

    public long producerId() {
        return producerId;
    }

    public short epoch() {
        return epoch;
    }

    public boolean isAlive() {
        return alive;
    }

    /** Raises the epoch; never lowers it. {@code because} tells a fenced producer by whom and when. */
    public synchronized void raise(short newEpoch, String because) {
        if (newEpoch > epoch) {
            fences.add(newEpoch, because);
            fencedBecause = because;
            epoch = newEpoch;
        }
    }

    /** Why {@code itsEpoch}, which is fenced, is: by whom and when. */
    public String fencedBecause(short itsEpoch) {
        String first = fences.firstAbove(itsEpoch);
        return first.isEmpty() ? fencedBecause : first;
    }

    /** Ends the id: every batch that carries it is refused from now on. */
    public void retire(String because) {
        fencedBecause = because;
        alive = false;
    }

    /** Why older epochs are fenced; empty when none was. */
    public String fencedBecause() {
        return fencedBecause;
    }

    @Override
    public String toString() {
        return "producerId=" + producerId + " epoch=" + epoch + (alive ? "" : " (retired)");
    }
}
