package io.semel.server.network.request;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.semel.log.LogConfig;

/**
 * Every name that the server's configuration may have, with its default and its meaning: Kafka's names wherever Kafka
 * has one. Stateless.
 */
public final class SettingTable {
    private static final long INT = Integer.MAX_VALUE;
    private static final long LONG = Long.MAX_VALUE;
    private static final long WEEK_HOURS = 168;

    private static final Map<String, Setting> ALL = new LinkedHashMap<>();

    static {
        List.of(doors(), care(), topics(), cleaning(), expiry(), own()).forEach(group -> group.forEach(setting -> ALL
                .put(setting.name(), setting)));
    }

    private SettingTable() {
    }

    /** In the order in which they are shown. */
    public static Collection<Setting> all() {
        return ALL.values();
    }

    static Setting find(String name) {
        return ALL.get(name);
    }

    private static List<Setting> doors() {
        return List.of(
                Setting.text("listeners", "", "Where to listen: PLAINTEXT://host:port."),
                Setting.text("advertised.listeners", "", "What clients are told to connect to, where that differs."),
                Setting.text("listener.security.protocol.map", "", "Protocols of listeners that are not named after "
                        + "theirs: NAME:PROTOCOL, with commas between."),
                Setting.text("log.dirs", "", "The data directory, one; must agree with --data."),
                Setting.text("log.dir", "", "The same, where log.dirs is not given."),
                Setting.number("num.network.threads", 0, 0, 1_000, "Threads that serve connections; 0 for one for each"
                        + " processor."),
                Setting.number("socket.listen.backlog.size", 1_024, 1, INT, "Connections that may wait to be"
                        + " accepted."),
                Setting.number("socket.send.buffer.bytes", -1, -1, INT, "The system's buffer of each connection; -1 as"
                        + " the system has it."),
                Setting.number("socket.receive.buffer.bytes", -1, -1, INT, "As socket.send.buffer.bytes."));
    }

    private static List<Setting> care() {
        return List.of(
                Setting.number("socket.request.max.bytes", 100 << 20, 1, INT, "A larger request ends its connection."),
                Setting.number("queued.max.request.bytes", -1, -1, LONG, "Bytes that are read and not answered, all"
                        + " connections together; past it nothing is read. -1 for a quarter of the heap's limit, at"
                        + " most 512 MiB."),
                Setting.number("max.connections", 10_000, 1, INT, "More are closed at once."),
                Setting.number("max.connections.per.ip", INT, 0, INT, "The same, of one address."),
                Setting.number("connections.max.idle.ms", TimeUnit.MINUTES.toMillis(10), -1, LONG, "A connection on"
                        + " which nothing happened for so long is closed; -1 for never."),
                Setting.number("semel.stalled.peer.ms", 30_000, 1, LONG, "A client that takes none of its answer for"
                        + " so long, or sends a part of a request and no more, is cut off."),
                Setting.number("semel.drain.ms", 2_000, 0, TimeUnit.HOURS.toMillis(1), "Requests under way when the"
                        + " server stops have this long to be answered."));
    }

    private static List<Setting> topics() {
        return List.of(
                Setting.flag("auto.create.topics.enable", true, "Whether asking for a topic creates it."),
                Setting.flag("delete.topic.enable", true, "Whether topics can be deleted."),
                Setting.number("num.partitions", 1, 1, 10_000, "Of a topic that is created without a count."),
                Setting.number("log.segment.bytes", LogConfig.DEFAULT_SEGMENT_BYTES, LogConfig.MIN_SEGMENT_BYTES,
                        LogConfig.MAX_SEGMENT_BYTES, "Of new topics that do not say: segment.bytes."),
                Setting.number("message.max.bytes", LogConfig.DEFAULT_MAX_BATCH_BYTES, 68, INT, "The same:"
                        + " max.message.bytes."),
                Setting.unset("log.retention.ms", -1, LONG, "The same: retention.ms, -1 for ever; before"
                        + " log.retention.minutes, and that before log.retention.hours."),
                Setting.unset("log.retention.minutes", -1, INT, "See log.retention.ms."),
                Setting.number("log.retention.hours", WEEK_HOURS, -1, INT, "See log.retention.ms."),
                Setting.number("log.retention.bytes", -1, -1, LONG, "The same: retention.bytes."),
                Setting.unset("log.roll.ms", 1, LONG, "The same: segment.ms; before log.roll.hours."),
                Setting.number("log.roll.hours", WEEK_HOURS, 1, INT, "See log.roll.ms."),
                Setting.number("log.index.interval.bytes", LogConfig.DEFAULT_INDEX_INTERVAL_BYTES, 1, INT, "The same:"
                        + " index.interval.bytes."),
                Setting.flag("log.preallocate", false, "The same: preallocate."));
    }

    private static List<Setting> cleaning() {
        return List.of(
                Setting.text("log.cleanup.policy", "delete", "Of new topics that do not say: cleanup.policy, delete,"
                        + " compact or both."),
                Setting.number("log.cleaner.delete.retention.ms", TimeUnit.DAYS.toMillis(1), 0, LONG, "The same:"
                        + " delete.retention.ms."),
                Setting.number("log.cleaner.min.compaction.lag.ms", 0, 0, LONG, "The same: min.compaction.lag.ms."),
                Setting.number("log.cleaner.max.compaction.lag.ms", LONG, 1, LONG, "The same:"
                        + " max.compaction.lag.ms."),
                Setting.decimal("log.cleaner.min.cleanable.ratio", 0.5, "The same: min.cleanable.dirty.ratio."),
                Setting.decimal("log.cleaner.io.max.bytes.per.second", 100 << 20, "What all compactions together read"
                        + " and write."));
    }

    private static List<Setting> expiry() {
        return List.of(
                Setting.number("offsets.retention.minutes", TimeUnit.DAYS.toMinutes(7), 1, INT, "Committed offsets of"
                        + " groups without members live as long."),
                Setting.number("offsets.retention.check.interval.ms", 600_000, 1, LONG, "How often that is looked"
                        + " at."),
                Setting.number("producer.id.expiration.ms", TimeUnit.DAYS.toMillis(1), 1, LONG, "Idle producer ids live"
                        + " as long."),
                Setting.number("transactional.id.expiration.ms", TimeUnit.DAYS.toMillis(7), 1, LONG, "Idle"
                        + " transactional ids live as long."));
    }

    private static List<Setting> own() {
        return List.of(
                Setting.text("semel.durability", "process", "What acknowledged records survive: process (kill -9) or"
                        + " power (the loss of power)."),
                Setting.number("semel.brokers", 1, 1, 100, "Broker ids to answer as, each on a port of its own. This is"
                        + " not replication: there is one copy of the data."),
                Setting.text("semel.admin.listener", "", "Where /health and /metrics are served: host:port; empty for"
                        + " nowhere."));
    }
}
