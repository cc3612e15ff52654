package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.Durability;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.transactions.coordinator.EndAnswer;
import io.semel.transactions.coordinator.ProducerIdAndEpoch;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.TransactionRules;
import io.semel.transactions.partition.Refusal;
import io.semel.transactions.records.TransactionHome;
import io.semel.transactions.records.TransactionIdentity;
import io.semel.transactions.records.TransactionLogKey;
import io.semel.transactions.records.TransactionLogValue;
import io.semel.transactions.records.TransactionStatus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Where acknowledged data may be gone no remote transaction goes on: nobody could tell which lacks a part (T1). */
class RemotePowerLossTest {
    private static final Map<String, Integer> NOTHING_LOST = Map.of();

    @TempDir
    Path root;
    private BrokerRig rig;

    @BeforeEach
    void open() throws IOException {
        rig = new BrokerRig(root).topics("a", "b");
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    private static ProducerIdAndEpoch after(ProducerIdAndEpoch instance) {
        return new ProducerIdAndEpoch(instance.producerId(), (short) (instance.epoch() + 1));
    }

    /** Whatever is left of it, and though the owner adds where nothing was. */
    private void assertOver(RemoteProducer producer, ProducerIdAndEpoch self) {
        assertTrue(rig.nothingIsOpen());
        assertEquals(Refusal.FENCED, producer.append(self, "a", 0, "again"));
        assertEquals(Refusal.FENCED, producer.append(self, "b", 0, "again"));
        assertNotEquals(Progress.DONE, producer.door().commit(self).progress());
        assertNotEquals(Progress.DONE, producer.door().join(self, rig.broker().partition("b", 0)));
        assertEquals(List.of(), rig.committed("a"));
        assertEquals(List.of(), rig.committed("b"));
    }

    /** T1: half of it stands, or none, or all; a commit that comes right away finds the same. */
    @Test
    void whateverPowerTookOfItItCannotBeCommitted() throws IOException {
        for (TransactionRules rules : TransactionRules.values()) {
            for (int ofA = 0; ofA <= 2; ofA++) {
                for (int ofB = 0; ofB <= 1; ofB++) {
                    rig.close();
                    rig = new BrokerRig(root.resolve(rules + "-" + ofA + ofB)).topics("a", "b");
                    TransactionRules guessed = TransactionRules.values()[(ofA + ofB) % 2];
                    RemoteProducer producer = RemoteProducer.open(rig, "t", rules, guessed);
                    ProducerIdAndEpoch self = producer.self();
                    producer.put("a", "1").put("b", "1").put("a", "2");
                    rig.losePower(Map.of("a", ofA, "b", ofB));
                    assertOver(producer, self);
                    rig.crash();
                    assertOver(producer, self);
                    rig.restart();
                    assertOver(producer, self);
                }
            }
        }
    }

    @Test
    void itsProducerAbortsAndGoesOn() throws IOException {
        RemoteProducer producer = RemoteProducer.open(rig, "t");
        ProducerIdAndEpoch self = producer.self();
        producer.put("a", "1").put("b", "1");
        rig.losePower(Map.of("b", 0));
        assertEquals(Progress.INVALID_STATE, producer.door().commit(self).progress());
        assertEquals(new EndAnswer(Progress.DONE, after(self)), producer.abort());
        producer.put("a", "2").put("b", "2");
        assertEquals(Progress.DONE, producer.commit().progress());
        assertEquals(List.of("2"), rig.committed("a"));
        assertEquals(List.of("2"), rig.committed("b"));
    }

    /**
     * By the older rules a commit of nothing is answered as the one before: it must not be taken for the one that is
     * gone.
     */
    @Test
    void aCommitOfWhatIsGoneWithoutATraceIsNotAnsweredAsTheOneBefore() throws IOException {
        RemoteProducer producer = RemoteProducer.open(rig, "t", TransactionRules.ONE_EPOCH).put("a", "1");
        assertEquals(Progress.DONE, producer.commit().progress());
        rig.pass(1000);
        // A record is a batch of its own there.
        int kept = (int) rig.broker().partition(Broker.TRANSACTIONS_TOPIC, 0).readableOffset();
        producer.put("b", "2");
        rig.losePower(Map.of("b", 0, Broker.TRANSACTIONS_TOPIC, kept));
        assertEquals(Progress.FENCED, producer.door().commit(producer.self()).progress());
        rig.crash();
        assertEquals(Progress.FENCED, producer.door().commit(producer.self()).progress());
    }

    @Test
    void inPowerATopicThatPromisesLessEndsItAll() throws IOException {
        try (BrokerRig power = new BrokerRig(root.resolve("power"), Durability.POWER).topics("a", "b")) {
            power.broker().createTopic("process", 1, Map.of(TopicConfig.DURABILITY, "process"));
            RemoteProducer producer = RemoteProducer.open(power, "t").put("a", "1").put("process", "1");
            power.crash();
            producer.put("a", "2");
            power.losePower(Map.of("process", 0));
            assertEquals(Refusal.FENCED, producer.append(producer.self(), "a", 2, "3"));
            assertNotEquals(Progress.DONE, producer.door().commit(producer.self()).progress());
            assertEquals(List.of(), power.committed("a"));
        }
    }

    /** It may hold a part of any of them. */
    @Test
    void aPartitionThatIsOfflineEndsThemToo() throws IOException {
        RemoteProducer producer = RemoteProducer.open(rig, "t").put("a", "1").put("b", "1");
        rig.close();
        rig.disk.fail("/a-0/00000000000000000000.log", () -> new IOException("Input/output error"));
        rig.restart();
        assertNotEquals(Progress.DONE, producer.door().commit(producer.self()).progress());
        assertEquals(Refusal.FENCED, producer.append(producer.self(), "b", 1, "2"));
        rig.disk.heal();
        rig.restart();
        assertTrue(rig.nothingIsOpen());
        assertEquals(List.of(), rig.committed("a"));
        assertEquals(List.of(), rig.committed("b"));
    }

    /** Whoever does not know when the machine was started knows of a clean end only. */
    @Test
    void withoutTheMachinesWordOnlyACleanEndIsTrusted() throws IOException {
        rig.disk.hideBoot();
        rig.restart();
        RemoteProducer producer = RemoteProducer.open(rig, "t").put("a", "1");
        rig.restart();
        producer.put("a", "2");
        rig.crash();
        assertEquals(Refusal.FENCED, producer.append(producer.self(), "a", 2, "3"));
        assertTrue(rig.nothingIsOpen());
    }

    /** KAFKA-10471: the word of a clean end holds for that end, and for no later one. */
    @Test
    void theWordOfACleanEndIsUsedUpByTheNextLife() throws IOException {
        RemoteProducer producer = RemoteProducer.open(rig, "t").put("a", "1");
        rig.restart();
        producer.put("b", "1");
        rig.losePower(Map.of("b", 0));
        assertOver(producer, producer.self());
    }

    @Test
    void aWordThatIsDamagedOrMissingIsNone() throws IOException {
        for (String word : List.of("", "state=closed\n", "version=1\nstate=clos\n", "version=2\nstate=closed\n",
                "version=1\nstate=\\u00zz\n", "version=1\nstate=open\nboot=\ndurability=power\n")) {
            RemoteProducer producer = RemoteProducer.open(rig, "t").put("a", "1");
            rig.close();
            Files.write(rig.directory().resolve(LastLife.FILE), word.getBytes(StandardCharsets.UTF_8));
            rig.restart();
            assertEquals(Refusal.FENCED, producer.append(producer.self(), "a", 1, "2"), word);
            assertTrue(rig.nothingIsOpen());
        }
        RemoteProducer producer = RemoteProducer.open(rig, "t").put("a", "1");
        rig.close();
        Files.delete(rig.directory().resolve(LastLife.FILE));
        rig.restart();
        assertEquals(Refusal.FENCED, producer.append(producer.self(), "a", 1, "2"));
    }

    /** T6: idle producers too: what they wrote last may be gone, and they would add to it. */
    @Test
    void whoeverIsNotEmbeddedBeginsAnewAndNobodyElse() throws IOException {
        RemoteProducer idle = RemoteProducer.open(rig, "remote");
        Instance embedded = Instance.open(rig, "embedded");
        rig.losePower(NOTHING_LOST);
        assertEquals(Progress.FENCED, idle.door().join(idle.self(), rig.broker().partition("a", 0)));
        assertEquals(embedded.session.epoch() + 1, Instance.open(rig, "embedded").session.epoch());
        assertEquals(idle.self().epoch() + 2, RemoteProducer.open(rig, "remote").self().epoch());
    }

    /** I5: behind the last epoch that is handed out there is one to fence with, and none behind that. */
    @Test
    void atTheHighestEpochNothingIsRaisedAnyMore() throws IOException {
        beginAt((short) (Short.MAX_VALUE - 2));
        RemoteProducer producer = RemoteProducer.open(rig, "t", TransactionRules.ONE_EPOCH).put("a", "1").put("b", "1");
        assertEquals(Short.MAX_VALUE - 1, producer.self().epoch());
        assertEquals(Progress.DONE, rig.broker().transactions().operator().abort("t").orElseThrow().step());
        rig.pass(1000);
        // The marker in b is gone, and the word that both stand there is not.
        rig.losePower(Map.of("b", 1));
        for (int life = 0; life < 2; life++) {
            assertTrue(rig.nothingIsOpen());
            assertEquals(Short.MAX_VALUE, rig.broker().transactions().operator().find("t").orElseThrow().epoch());
            assertEquals(Refusal.FENCED, producer.append(producer.self(), "b", 1, "late"));
            rig.crash();
        }
        ProducerIdAndEpoch next = RemoteProducer.open(rig, "t", TransactionRules.ONE_EPOCH).self();
        assertNotEquals(producer.self().producerId(), next.producerId());
        assertEquals(0, next.epoch());
    }

    /** What takes years is there before, as recovery would have found it. */
    private void beginAt(short epoch) throws IOException {
        TransactionLogValue value = new TransactionLogValue(TransactionIdentity.of(7, epoch), Instance.TIMEOUT_MS,
                TransactionStatus.EMPTY, List.of(), rig.clock.time(), TransactionLogValue.NO_TIMESTAMP,
                TransactionHome.REMOTE, TransactionLogValue.NO_FIRST_OFFSETS);
        RecordBatchWriter batch = new RecordBatchWriter(256, 8192);
        batch.begin(rig.clock.time());
        batch.tryAppend(rig.clock.time(), new TransactionLogKey("t").encode().array(), value.encode().array());
        rig.broker().partition(Broker.TRANSACTIONS_TOPIC, 0).openWriter().append(batch.finish());
        rig.restart();
    }
}
