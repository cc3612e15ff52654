package io.semel.verify.history;

/** One record of a poll. Thread rule: one thread. */
final class Read implements Witness {
    private final int event;
    private final Operation operation;
    private final PartitionLog log;
    private final Value value;
    private final Slot slot;
    private Write writer;

    Read(int event, Operation operation, PartitionLog log, Value value, long offset) {
        this.event = event;
        this.operation = operation;
        this.log = log;
        this.value = value;
        this.slot = log.slot(offset, value, this);
    }

    /**
     * @param found {@code null} when nobody is known to have sent it: its sender died, or tells acknowledged sends only
     */
    void writtenBy(Write found) {
        writer = found;
    }

    int event() {
        return event;
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

    Slot slot() {
        return slot;
    }

    long offset() {
        return slot.offset();
    }

    Write writer() {
        return writer;
    }

    boolean isDead() {
        return writer != null && writer.isDead();
    }

    @Override
    public Evidence evidence() {
        return new Evidence(event, operation.process(), "polled " + log.name() + " offset " + offset() + " value "
                + value.name());
    }
}
