package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.batch.RecordBatchWriter;
import io.semel.transactions.coordinator.Initialization;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.TransactionSession;
import io.semel.transactions.groups.OffsetRetention;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionWriter;
import io.semel.transactions.partition.Refusal;
import io.semel.transactions.records.TransactionHome;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** I4 in a whole directory: producer ids after a day, transactional ids after a week. */
class ExpirationTest {
    private static final long HOUR_MS = 3_600_000;

    @TempDir
    private Path root;

    private BrokerRig rig;

    @BeforeEach
    void open() throws IOException {
        rig = new BrokerRig(root).topics("a", "b");
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    private void passHours(int hours) {
        for (int hour = 0; hour < hours; hour++) {
            rig.pass(HOUR_MS);
        }
    }

    private long append(String topic, long producerId, int sequence) {
        PartitionWriter writer = rig.broker().partition(topic, 0).openWriter(producerId);
        return writer == null ? Refusal.UNKNOWN_PRODUCER : append(writer, producerId, sequence);
    }

    private long append(PartitionWriter writer, long producerId, int sequence) {
        RecordBatchWriter batch = new RecordBatchWriter(256, 1024);
        batch.begin(rig.clock.time()).producer(producerId, (short) 0, sequence);
        batch.tryAppend(rig.clock.time(), null, new byte[1]);
        return writer.append(batch.finish());
    }

    private long issue() {
        long id = rig.broker().producerIds().tryIssue();
        assertTrue(id >= 0);
        return id;
    }

    @Test
    void aProducerIdDiesAfterADayOfSilenceInTheWholeDirectoryAndForEver() throws IOException {
        long id = issue();
        assertEquals(0, append("a", id, 0));
        PartitionWriter held = rig.broker().partition("a", 0).openWriter(id);
        passHours(23);
        assertEquals(1, append("a", id, 1));
        passHours(28);
        assertEquals(Refusal.UNKNOWN_PRODUCER, append(held, id, 2));
        assertEquals(Refusal.UNKNOWN_PRODUCER, append("b", id, 0));
        assertEquals(0, rig.broker().producerIds().knownCount());
        assertNull(rig.broker().partition("a", 0).producer(id));
        rig.crash();
        assertEquals(Refusal.UNKNOWN_PRODUCER, append("a", id, 2));
        assertEquals(Refusal.UNKNOWN_PRODUCER, append("b", id, 0));
        rig.pass(0);
        assertEquals(0, rig.broker().producerIds().knownCount());
        rig.restart();
        assertEquals(Refusal.UNKNOWN_PRODUCER, append("a", id, 0));
        assertNotEquals(id, issue());
    }

    @Test
    void anIdleTransactionalIdKeepsItsProducerIdForAWeek() {
        Instance instance = Instance.open(rig, "t");
        instance.begin().put("a", "x");
        assertEquals(Progress.DONE, instance.commit());
        passHours(6 * 24);
        instance.begin().put("a", "y");
        assertEquals(Progress.DONE, instance.commit());
        assertEquals(List.of("x", "y"), rig.committed("a"));
    }

    /** Row 25 (spring-kafka 660): a producer that idles for a week does not die of it. */
    @Test
    void whoComesBackAfterAWeekTakesANewIdUnlessAnotherHasTakenItsPlace() throws IOException {
        Instance idle = Instance.open(rig, "t");
        idle.begin().put("a", "x");
        assertEquals(Progress.DONE, idle.commit());
        passHours(8 * 24 + 18);
        assertEquals(Optional.empty(), rig.broker().transactions().operator().find("t"));
        assertEquals(0, rig.broker().producerIds().knownCount());
        assertEquals(Progress.FENCED, idle.session.begin());
        assertTrue(idle.session.isExpired());
        Instance resumed = resume(idle);
        resumed.begin().put("a", "y");
        assertEquals(Progress.DONE, resumed.commit());
        assertNotEquals(idle.session.producerId(), resumed.session.producerId());
        Initialization late = rig.broker().transactions().resume(idle.session, Instance.TIMEOUT_MS,
                TransactionHome.EMBEDDED);
        assertEquals(Progress.FENCED, late.step(), "another instance is there");
        rig.crash();
        assertEquals(List.of("x", "y"), rig.committed("a"));
        assertNull(rig.broker().partition("a", 0).openWriter(idle.session.producerId()));
        assertNotNull(rig.broker().partition("a", 0).openWriter(resumed.session.producerId()));
    }

    private Instance resume(Instance idle) {
        Initialization resumption = rig.broker().transactions().resume(idle.session, Instance.TIMEOUT_MS,
                TransactionHome.EMBEDDED);
        assertEquals(Progress.DONE, resumption.step());
        return new Instance(rig, resumption.session());
    }

    @Test
    void anInitializationThatBeganBeforeTheIdWasForgottenFindsTheOneThatComesNext() {
        Instance.open(rig, "t");
        Initialization begun = Instance.initialize(rig, "t");
        passHours(8 * 24 + 18);
        Progress progress = begun.step();
        for (int round = 0; round < 3 && progress == Progress.PENDING; round++) {
            progress = begun.step();
        }
        assertEquals(Progress.DONE, progress);
        assertEquals(Optional.of(begun.session().producerId()), rig.broker().transactions().operator().find("t").map(
                view -> view.producerId()));
    }

    @Test
    void whatIsForgottenOfATransactionalIdStaysForgottenAfterACrash() throws IOException {
        long id = Instance.open(rig, "t").session.producerId();
        passHours(8 * 24 + 18);
        rig.crash();
        assertEquals(Optional.empty(), rig.broker().transactions().operator().find("t"));
        assertFalse(rig.broker().producerIds().find(id) != null);
    }

    @Test
    void aTransactionalIdIsInUseFromWhenItIsHandedOut() {
        Initialization slow = Instance.initialize(rig, "t");
        assertEquals(Progress.DONE, slow.step());
        passHours(6 * 24);
        assertEquals(Progress.DONE, slow.step());
        passHours(6 * 24);
        assertEquals(Progress.DONE, slow.session().begin());
    }

    @Test
    void afterARestartATransactionalIdIsAsOldAsWhatItsProducerWroteLast() throws IOException {
        Instance instance = Instance.open(rig, "t");
        passHours(6 * 24);
        instance.begin().put("a", "open at the end");
        rig.restart();
        passHours(6 * 24);
        assertEquals(0, rig.broker().partition("a", 0).openWriter(instance.session.producerId()).append(instance.encode(
                0, "open at the end")));
        passHours(9 * 24);
        assertEquals(Optional.empty(), rig.broker().transactions().operator().find("t"));
    }

    @Test
    void aLateBatchOpensATransactionThatKeepsTheIdFromExpiring() {
        Instance instance = Instance.open(rig, "t");
        instance.begin().put("a", "x");
        assertEquals(Progress.DONE, instance.commit());
        Partition partition = rig.broker().partition("a", 0);
        assertTrue(partition.openWriter(instance.session.producerId()).append(instance.encode(1, "late")) >= 0);
        passHours(10 * 24);
        assertTrue(partition.isBusy(instance.session.producerId()));
        assertTrue(rig.broker().producerIds().find(instance.session.producerId()).isAlive());
    }

    /** Each is asked for in every partition, and heartbeats and timeouts wait behind the step. */
    @Test
    void noStepLetsMoreThanAFewTransactionalIdsDieAndTheLookGoesOn() {
        List<TransactionSession> idle = new ArrayList<>();
        for (int number = 0; number < 300; number++) {
            idle.add(Instance.open(rig, "t" + number).session);
        }
        passHours(7 * 24 - 2);
        rig.clock.advance(10 * HOUR_MS);
        long dead = 0;
        while (dead < idle.size()) {
            rig.broker().doWork();
            long before = dead;
            dead = idle.stream().filter(TransactionSession::isExpired).count();
            assertTrue(dead - before > 0 && dead - before <= 64, "died in one step: " + (dead - before));
        }
        rig.pass(0);
        assertEquals(Optional.empty(), rig.broker().transactions().operator().find("t0"));
        assertEquals(Optional.empty(), rig.broker().transactions().operator().find("t299"));
        assertEquals(0, rig.broker().producerIds().knownCount());
    }

    @Test
    void theTimesAreConfiguredByKafkasNamesWithKafkasDefaults() {
        assertEquals(new Expirations(86_400_000, 604_800_000), Expirations.of(Map.of()));
        assertEquals(new Expirations(5, 7), Expirations.of(Map.of("producer.id.expiration.ms", "5",
                "transactional.id.expiration.ms", "7")));
        for (String wrong : List.of("0", "-1", "a day")) {
            assertThrows(IllegalArgumentException.class, () -> Expirations.of(Map.of("producer.id.expiration.ms",
                    wrong)));
        }
        assertThrows(IllegalArgumentException.class, () -> Expirations.of(Map.of("producer.expiration", "1")));
        assertEquals(new OffsetRetention(604_800_000, 600_000), Expirations.of(Map.of()).offsets());
        assertEquals(new OffsetRetention(120_000, 3), Expirations.of(Map.of("offsets.retention.minutes", "2",
                "offsets.retention.check.interval.ms", "3")).offsets());
        for (String wrong : List.of("0", "-1", "2147483648", "a week")) {
            assertThrows(IllegalArgumentException.class, () -> Expirations.of(Map.of("offsets.retention.minutes",
                    wrong)));
        }
        assertThrows(IllegalArgumentException.class, () -> Expirations.of(Map.of("offsets.retention.check.interval.ms",
                "0")));
    }
}
