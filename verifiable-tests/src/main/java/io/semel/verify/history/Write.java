package io.semel.verify.history;

/** One send. Thread rule: one thread. */
final class Write implements Witness {
    enum Fate {
        ACKNOWLEDGED, FAILED, UNKNOWN
    }

    private final int begunEvent;
    private final Operation operation;
    private PartitionLog log;
    private Value value;
    private int event;
    private long offset = Entry.NO_OFFSET;
    private Fate fate = Fate.UNKNOWN;
    private boolean isCompleted;

    Write(int event, Operation operation, PartitionLog log, Value value) {
        this.begunEvent = event;
        this.event = event;
        this.operation = operation;
        this.log = log;
        this.value = value;
        value.writes().add(this);
        operation.noteWrite();
    }

    /** It was announced for somewhere; an answer, or a poll, tells where it is. */
    void place(PartitionLog in) {
        value.writes().remove(this);
        log = in;
        value = in.value(value.name());
        value.writes().add(this);
    }

    void complete(Fate as, int atEvent, long atOffset) {
        fate = as;
        event = atEvent;
        offset = atOffset;
        isCompleted = true;
    }

    /** Nobody told the sender, but a poll told us. */
    void learnOffset(long polled) {
        offset = polled;
    }

    Operation operation() {
        return operation;
    }

    PartitionLog log() {
        return log;
    }

    Value value() {
        return value;
    }

    /** Where it stands among the sends of its process. */
    int begunEvent() {
        return begunEvent;
    }

    long offset() {
        return offset;
    }

    boolean hasOffset() {
        return offset != Entry.NO_OFFSET;
    }

    boolean isCompleted() {
        return isCompleted;
    }

    boolean hasFailed() {
        return fate == Fate.FAILED;
    }

    boolean isDead() {
        return hasFailed() || operation.isAborted();
    }

    /** Whether it must be there, by what its sender was told: of a transaction, that all of it is. */
    boolean isPromised() {
        return operation.isTransaction() ? operation.isCommitted() && fate != Fate.FAILED : fate == Fate.ACKNOWLEDGED;
    }

    @Override
    public Evidence evidence() {
        String what = log.name() + (fate == Fate.ACKNOWLEDGED && hasOffset() ? " offset " + offset : "") + " value "
                + value.name();
        return new Evidence(event, operation.process(), switch (fate) {
            case ACKNOWLEDGED -> "sent " + what;
            case FAILED -> "failed to send " + what;
            case UNKNOWN -> "does not know whether it sent " + what;
        });
    }
}
