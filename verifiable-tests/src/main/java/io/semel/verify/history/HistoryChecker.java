package io.semel.verify.history;

import java.util.List;

/**
 * Finds every {@link Anomaly} of a history, in time about in proportion to its length.
 *
 * <p>Expects that the values of a partition differ, but for those that are sent again; that consumers begin at the
 * start of their partitions, or where their group was; that nothing was deleted meanwhile; and that, where somebody
 * announces sends to a topic, all that sent to it are in the history.
 *
 * <p>Thread rule: any thread; one history, one thread.
 */
public final class HistoryChecker {
    private HistoryChecker() {
    }

    public static HistoryVerdict check(List<Event> history) {
        Timeline timeline = Timeline.of(history);
        Findings findings = new Findings();
        new ContentCheck(timeline, findings).run();
        new VisibilityCheck(timeline, findings).run();
        new SendOrder(timeline, findings).run();
        new PollOrder(timeline, findings).run();
        new GroupCheck(timeline, findings).run();
        new CycleCheck(timeline, findings).run();
        return new HistoryVerdict(findings.told(), findings.counts());
    }
}
