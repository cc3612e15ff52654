package io.semel.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;
import io.semel.client.TransactionalAppender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class GroupsCommandTest {
    /** 2026-01-31T12:00:00Z. */
    private static final long NOON_MS = 1_769_860_800_000L;

    @TempDir
    private Path scratch;

    private final Cli cli = new Cli();

    /**
     * orders-0: five plain records, a minute apart from noon on. orders-1: two transactions of one record, each with
     * its marker.
     */
    @BeforeEach
    void write() throws IOException {
        try (Semel semel = Semel.open(scratch)) {
            semel.admin().createTopic("orders", 2, Map.of("retention.ms", "-1"));
            try (Producer<String, String> producer = semel.producer(DeliverySemantics.AT_LEAST_ONCE, Map.of("linger.ms",
                    0), new StringSerializer(), new StringSerializer())) {
                for (int minute = 0; minute < 5; minute++) {
                    producer.send(new ProducerRecord<>("orders", 0, NOON_MS + minute * 60_000L, "k", "v" + minute));
                }
            }
            try (TransactionalAppender appender = semel.openTransactionalAppender("t")) {
                for (int number = 0; number < 2; number++) {
                    appender.begin();
                    appender.append(appender.target("orders", 1), null, new byte[] {1});
                    appender.commit();
                }
            }
            semel.admin().resetGroupOffsets("g", Map.of(new TopicPartition("orders", 0), new OffsetAndMetadata(2,
                    "noted"), new TopicPartition("orders", 1), new OffsetAndMetadata(3)));
        }
    }

    private String[] groups(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "groups";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[all.length - 2] = "--data";
        all[all.length - 1] = scratch.toString();
        return all;
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(String group) throws IOException {
        try (Semel semel = Semel.open(scratch)) {
            return semel.admin().groupOffsets(group);
        }
    }

    private long offset(String group, int partition) throws IOException {
        return offsets(group).get(new TopicPartition("orders", partition)).offset();
    }

    private void reset(long expected, int partition, String... target) throws IOException {
        String[] arguments = new String[target.length + 5];
        System.arraycopy(new String[] {"reset-offsets", "g", "--topic", "orders:" + partition, "--execute"}, 0,
                arguments,
                0, 5);
        System.arraycopy(target, 0, arguments, 5, target.length);
        cli.good(groups(arguments));
        assertEquals(expected, offset("g", partition), () -> String.join(" ", target));
    }

    /** Row 26: the last offset that anybody reads is 2, a marker stands behind it. */
    @Test
    void lagReachesZeroBehindAMarker() {
        List<String> lines = cli.lines(groups("describe", "g"));
        assertEquals("g  Empty", lines.get(0));
        assertTrue(lines.get(2).matches("  orders-0 +2 +5 +3 +noted"), lines::toString);
        assertTrue(lines.get(3).matches("  orders-1 +3 +4 +0 *"), lines::toString);
    }

    @Test
    void everythingIsToldToProgramsToo() {
        assertEquals(List.of("{\"group\":\"g\",\"state\":\"Empty\"}"), cli.lines(groups("list", "--json")));
        List<String> described = cli.lines(groups("describe", "g", "--json"));
        assertEquals(
                "{\"group\":\"g\",\"topic\":\"orders\",\"partition\":0,\"offset\":2,\"metadata\":\"noted\",\"end\":5,"
                        + "\"lag\":3}", described.get(1));
        assertEquals(List.of("{\"group\":\"g\",\"topic\":\"orders\",\"partition\":0,\"from\":2,\"to\":0,\"note\":\"\","
                + "\"executed\":false}"), cli.lines(groups("reset-offsets", "g", "--topic", "orders:0", "--to-earliest",
                        "--json")));
    }

    @Test
    void nothingIsChangedUnlessItIsToBeExecuted() throws IOException {
        String shown = cli.good(groups("reset-offsets", "g", "--topic", "orders", "--to-earliest"));
        assertTrue(shown.contains("nothing was changed; repeat it with --execute"), shown);
        cli.good(groups("reset-offsets", "g", "--topic", "orders", "--to-earliest", "--dry-run"));
        assertEquals(2, offset("g", 0));
        cli.good(groups("reset-offsets", "g", "--topic", "orders", "--to-earliest", "--execute"));
        assertEquals(0, offset("g", 0));
        assertEquals(0, offset("g", 1));
    }

    @Test
    void everyTargetPutsTheGroupWhereItSays() throws IOException {
        reset(0, 0, "--to-earliest");
        reset(5, 0, "--to-latest");
        reset(5, 0, "--to-current");
        reset(1, 0, "--to-offset", "1");
        reset(3, 0, "--shift-by", "2");
        reset(2, 0, "--shift-by=-1");
        reset(3, 0, "--to-datetime", "2026-01-31T12:02:30.000");
        reset(1, 0, "--to-datetime", "2026-01-31T13:01:00+01:00");
        reset(5, 0, "--to-datetime", "2026-02-01T00:00:00");
        reset(0, 0, "--by-duration", "P36500D");
        reset(5, 0, "--by-duration", "PT0S");
    }

    @Test
    void whatLiesOutsideIsPutAtTheNearestEnd() throws IOException {
        String shown = cli.good(groups("reset-offsets", "g", "--topic", "orders:0", "--to-offset", "99"));
        assertTrue(shown.contains("99 is outside"), shown);
        reset(5, 0, "--to-offset", "99");
        reset(0, 0, "--shift-by=-99");
        reset(5, 0, "--shift-by", Long.toString(Long.MAX_VALUE));
    }

    @Test
    void aGroupThatDoesNotExistComesToBeAndAllTopicsAreThoseItHas() throws IOException {
        cli.good(groups("reset-offsets", "new", "--topic", "orders:1", "--to-latest", "--execute"));
        assertEquals(Map.of(new TopicPartition("orders", 1), new OffsetAndMetadata(4)), offsets("new"));
        cli.good(groups("reset-offsets", "new", "--all-topics", "--to-earliest", "--execute"));
        assertEquals(Map.of(new TopicPartition("orders", 1), new OffsetAndMetadata(0)), offsets("new"));
    }

    @Test
    void optionsThatContradictEachOtherAreRefused() throws IOException {
        cli.assertRefused("contradict each other: --to-earliest, --to-latest", groups("reset-offsets", "g", "--topic",
                "orders", "--to-earliest", "--to-latest"));
        cli.assertRefused("contradict each other: --to-offset, --shift-by", groups("reset-offsets", "g", "--topic",
                "orders", "--to-offset", "1", "--shift-by", "1"));
        cli.assertRefused("no target", groups("reset-offsets", "g", "--topic", "orders"));
        cli.assertRefused("--dry-run and --execute", groups("reset-offsets", "g", "--topic", "orders", "--to-earliest",
                "--dry-run", "--execute"));
        cli.assertRefused("--topic and --all-topics", groups("reset-offsets", "g", "--topic", "orders", "--all-topics",
                "--to-earliest"));
        cli.assertRefused("which partitions?", groups("reset-offsets", "g", "--to-earliest"));
        assertEquals(2, offset("g", 0));
    }

    @Test
    void whatIsNoNumberTimeOrPartitionIsRefused() {
        cli.assertRefused("--to-offset out of range: given -1", groups("reset-offsets", "g", "--topic", "orders",
                "--to-offset=-1"));
        cli.assertRefused("no time: --to-datetime given=noon", groups("reset-offsets", "g", "--topic", "orders",
                "--to-datetime", "noon"));
        cli.assertRefused("no duration: --by-duration given=1h", groups("reset-offsets", "g", "--topic", "orders",
                "--by-duration", "1h"));
        cli.assertRefused("without a minus", groups("reset-offsets", "g", "--topic", "orders", "--by-duration=-PT1H"));
        cli.assertRefused("no partition: \"x\"", groups("reset-offsets", "g", "--topic", "orders:x", "--to-earliest"));
        cli.assertRefused("no such partition: orders-2; the topic has partitions 0..1", groups("reset-offsets", "g",
                "--topic", "orders:2", "--to-earliest"));
        cli.assertRefused("list, describe, reset-offsets, delete-offsets or delete", "groups");
    }

    @Test
    void unknownNamesAreNamed() throws IOException {
        cli.assertRefused("unknown topic: nothing", groups("reset-offsets", "g", "--topic", "nothing",
                "--to-earliest"));
        cli.assertRefused("no such group: nobody", groups("reset-offsets", "nobody", "--all-topics", "--to-earliest"));
        cli.assertRefused("group new has no offset of orders-0", groups("reset-offsets", "new", "--topic", "orders:0",
                "--shift-by", "1"));
        cli.assertRefused("no such group: nobody", groups("describe", "nobody"));
        cli.assertRefused("no such group: nobody", groups("delete", "g", "nobody"));
        assertFalse(offsets("g").isEmpty(), "a mistyped name deletes nothing");
    }

    @Test
    void groupsAndSingleOffsetsAreDeleted() throws IOException {
        cli.assertRefused("no offset of bills; it has [orders-0, orders-1]", groups("delete-offsets", "g", "--topic",
                "bills"));
        cli.assertRefused("in each of [0, 7]", groups("delete-offsets", "g", "--topic", "orders:0,7"));
        assertEquals(List.of("deleted 1 offset of g"), cli.lines(groups("delete-offsets", "g", "--topic", "orders:0")));
        assertEquals(Map.of(new TopicPartition("orders", 1), new OffsetAndMetadata(3)), offsets("g"));
        assertEquals(List.of("deleted g"), cli.lines(groups("delete", "g")));
        assertEquals(List.of(), cli.lines(groups("list")));
    }

    @Test
    void offsetsOfADeletedTopicAreShownAndCanBeDeleted() throws IOException {
        cli.good("topics", "delete", "orders", "--data", scratch.toString());
        String shown = cli.good(groups("describe", "g"));
        assertTrue(shown.contains("deleted or offline"), shown);
        cli.assertRefused("no offset of a topic that there is", groups("reset-offsets", "g", "--all-topics",
                "--to-earliest"));
        cli.good(groups("delete-offsets", "g", "--topic", "orders"));
        assertEquals(Map.of(), offsets("g"));
    }

    @Test
    void theHelpTeaches() {
        String help = cli.good("groups", "reset-offsets", "--help");
        for (String word : List.of("--to-earliest", "--to-datetime", "--dry-run", "--execute", "./semel groups "
                + "reset-offsets")) {
            assertTrue(help.contains(word), help);
        }
    }
}
