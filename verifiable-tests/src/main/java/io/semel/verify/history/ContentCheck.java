package io.semel.verify.history;

/**
 * What stands at which offset: inconsistent offsets, duplicates, sends that are there twice, and phantoms. Thread rule:
 * one thread.
 */
final class ContentCheck {
    private final Timeline timeline;
    private final Findings findings;

    ContentCheck(Timeline timeline, Findings findings) {
        this.timeline = timeline;
        this.findings = findings;
    }

    void run() {
        for (Write write : timeline.writes()) {
            if (write.hasOffset()) {
                compare(write.log(), write.log().slot(write.offset(), write.value(), write), write.value(), write);
            }
        }
        for (Read read : timeline.reads()) {
            compare(read.log(), read.slot(), read.value(), read);
            if (read.writer() == null && timeline.announcesEverySend(read.log()) && read.value().firstRead == read) {
                findings.add(Anomaly.PHANTOM_READ, read.log().name(), read);
            }
        }
        timeline.logs().forEach(this::findDuplicates);
    }

    private void compare(PartitionLog log, Slot slot, Value said, Witness by) {
        if (slot.value() != said && !slot.isContradicted) {
            slot.isContradicted = true;
            findings.add(Anomaly.INCONSISTENT_OFFSET, log.name(), slot.witness(), by);
        }
    }

    private void findDuplicates(PartitionLog log) {
        for (Slot slot : log.visible()) {
            Value value = slot.value();
            value.visibleCount++;
            if (value.visibleAt == null) {
                value.visibleAt = slot;
            } else {
                findings.add(isMoreThanWasSent(log, value) ? Anomaly.ONE_SEND_TWICE : Anomaly.DUPLICATE, log.name(),
                        value.visibleAt.visibleBy(), slot.visibleBy());
            }
        }
    }

    /** I1: of each send one record at most. What nobody sent is a phantom, and told as that. */
    private boolean isMoreThanWasSent(PartitionLog log, Value value) {
        long sends = timeline.candidates(log, value).stream().filter(write -> !write.isDead()).count();
        return timeline.announcesEverySend(log) && sends > 0 && value.visibleCount > sends;
    }
}
