package io.semel.verify.history;

/** Who polled what: lost and unseen records, failed, aborted and precommitted reads. Thread rule: one thread. */
final class VisibilityCheck {
    private final Timeline timeline;
    private final Findings findings;

    VisibilityCheck(Timeline timeline, Findings findings) {
        this.timeline = timeline;
        this.findings = findings;
    }

    void run() {
        timeline.writes().forEach(this::judge);
        timeline.reads().forEach(this::judge);
    }

    private void judge(Write write) {
        if (!write.isPromised() || write.value().firstRead != null) {
            return;
        }
        PartitionLog log = write.log();
        Read furthest = log.furthest();
        boolean isPassed = write.hasOffset() && furthest != null && furthest.offset() > write.offset();
        Anomaly anomaly = isPassed ? Anomaly.LOST_WRITE : Anomaly.UNSEEN;
        if (write.operation().isTransaction()) {
            Witness committed = write.operation()::evidence;
            if (isPassed) {
                findings.add(anomaly, log.name(), write, committed, furthest);
            } else {
                findings.add(anomaly, log.name(), write, committed);
            }
        } else if (isPassed) {
            findings.add(anomaly, log.name(), write, furthest);
        } else {
            findings.add(anomaly, log.name(), write);
        }
    }

    private void judge(Read read) {
        Write writer = read.writer();
        if (writer == null) {
            return;
        }
        Operation by = writer.operation();
        if (by == read.operation() && by.isTransaction()) {
            findings.add(Anomaly.PRECOMMITTED_READ, read.log().name(), writer, read);
        } else if (writer.hasFailed()) {
            findings.add(Anomaly.FAILED_SEND_READ, read.log().name(), writer, read);
        } else if (by.isAborted()) {
            findings.add(Anomaly.ABORTED_READ, read.log().name(), writer, by::evidence, read);
        }
    }
}
