package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.transactions.coordinator.EndAnswer;
import io.semel.transactions.coordinator.ProducerIdAndEpoch;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.partition.Refusal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * KIP-890: the epoch ends with the transaction, so nothing late touches a later one (T6, T7), also over crashes (T1).
 */
class NewEpochAtEveryEndTest {
    private static final Runnable NOTHING = () -> {
    };

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

    private static EndAnswer done(ProducerIdAndEpoch next) {
        return new EndAnswer(Progress.DONE, next);
    }

    private short epochOf(String topic, ProducerIdAndEpoch producer) {
        return rig.broker().partition(topic, 0).producer(producer.producerId()).epoch();
    }

    @Test
    void everyEndNamesTheNextEpochAndItsMarkersCarryIt() {
        RemoteProducer producer = RemoteProducer.open(rig, "t");
        ProducerIdAndEpoch first = producer.self();
        producer.put("a", "x").put("b", "x");
        assertEquals(done(after(first)), producer.commit());
        assertEquals(first.epoch() + 1, epochOf("a", first));
        producer.put("a", "y");
        assertEquals(done(after(after(first))), producer.abort());
        assertEquals(first.epoch() + 2, epochOf("a", first));
        assertEquals(first.epoch() + 1, epochOf("b", first), "it was no part of the second one");
        producer.put("a", "z");
        producer.commit();
        assertEquals(List.of("x", "z"), rig.committed("a"));
    }

    @Test
    void anEndThatIsAskedForAgainIsAnsweredAlikeAndTheOtherOneIsRefused() throws IOException {
        RemoteProducer producer = RemoteProducer.open(rig, "t");
        ProducerIdAndEpoch first = producer.self();
        producer.put("a", "x");
        EndAnswer answer = producer.commit();
        for (int life = 0; life < 3; life++) {
            assertEquals(answer, producer.door().commit(first));
            assertEquals(new EndAnswer(Progress.INVALID_STATE, first), producer.door().abort(first));
            if (life == 1) {
                rig.pass(1000);
            }
            rig.crash();
        }
        producer.put("a", "y");
        assertEquals(Progress.FENCED, producer.door().commit(first).progress(), "the next one has begun");
        assertEquals(Progress.FENCED, producer.door().abort(first).progress());
        producer.commit();
        assertEquals(List.of("x", "y"), rig.committed("a"));
    }

    @Test
    void nothingOfAnEpochThatHasEndedTouchesTheNextTransaction() {
        RemoteProducer producer = RemoteProducer.open(rig, "t");
        ProducerIdAndEpoch first = producer.self();
        producer.put("a", "x");
        producer.commit();
        for (int moment = 0; moment < 2; moment++) {
            assertEquals(Refusal.FENCED, producer.append(first, "a", 0, "again"));
            assertEquals(Refusal.FENCED, producer.append(first, "a", 1, "late"));
            assertEquals(Refusal.FENCED, producer.append(first, "b", 0, "late"));
            assertEquals(GroupError.INVALID_PRODUCER_EPOCH, producer.stage(first, "g", 7));
            assertEquals(Progress.FENCED, producer.door().join(first, rig.broker().partition("b", 0)));
            producer.put("a", "y" + moment);
        }
        assertEquals(GroupError.NONE, producer.stage(producer.self(), "g", 8));
        producer.commit();
        assertEquals(List.of("x", "y0", "y1"), rig.committed("a"));
        assertEquals(8, rig.offsetOf("g"));
        assertTrue(rig.nothingIsOpen());
    }

    /** What the producer gave up may still arrive: an epoch in which nothing did is over all the same. */
    @Test
    void anAbortOfWhatNeverArrivedEndsItsEpochToo() throws IOException {
        RemoteProducer producer = RemoteProducer.open(rig, "t");
        ProducerIdAndEpoch first = producer.self();
        assertEquals(Progress.INVALID_STATE, producer.door().commit(first).progress());
        assertEquals(done(after(first)), producer.abort());
        assertEquals(Refusal.FENCED, producer.append(first, "a", 0, "late"));
        rig.crash();
        assertEquals(Refusal.FENCED, producer.append(first, "a", 0, "late"));
        assertEquals(done(after(first)), producer.door().abort(first));
        producer.put("a", "x");
        assertEquals(done(after(after(first))), producer.commit());
        assertEquals(List.of("x"), rig.committed("a"));
    }

    @Test
    void aBatchThatLandsInTheLastMomentIsInItsTransaction() {
        RemoteProducer producer = RemoteProducer.open(rig, "t");
        ProducerIdAndEpoch first = producer.self();
        producer.put("a", "x");
        producer.door().join(first, rig.broker().partition("b", 0));
        List<Long> codes = new ArrayList<>();
        // The coordinator looks at the clock to say when, just before it closes the epoch; next, before it journals.
        rig.clock.atNextLook(() -> {
            codes.add(producer.append(first, "b", 0, "in time"));
            rig.clock.atNextLook(() -> codes.add(producer.append(first, "b", 1, "too late")));
        });
        assertEquals(done(after(first)), producer.commit());
        assertTrue(codes.get(0) >= 0);
        assertEquals(Refusal.FENCED, codes.get(1));
        assertEquals(List.of("in time"), rig.committed("b"));
        assertTrue(rig.nothingIsOpen());
    }

    @Test
    void whoTimedOutIsToldSoAndGoesOnAfterAnAbort() {
        RemoteProducer producer = RemoteProducer.open(rig, "t");
        ProducerIdAndEpoch slow = producer.self();
        producer.put("a", "slow");
        rig.pass(Instance.TIMEOUT_MS + 100);
        assertTrue(rig.nothingIsOpen());
        assertEquals(Refusal.FENCED, producer.append(slow, "a", 1, "late"));
        assertEquals(Progress.INVALID_STATE, producer.door().commit(slow).progress());
        assertEquals(done(after(slow)), producer.abort());
        producer.put("a", "again");
        producer.commit();
        assertEquals(List.of("again"), rig.committed("a"));
    }

    @Test
    void aNewerInstanceFencesTheOlderOneWhateverItSends() {
        RemoteProducer older = RemoteProducer.open(rig, "t");
        ProducerIdAndEpoch first = older.self();
        older.put("a", "old");
        RemoteProducer younger = RemoteProducer.open(rig, "t");
        assertEquals(Progress.FENCED, older.door().commit(first).progress());
        assertEquals(Progress.FENCED, older.door().abort(first).progress());
        assertEquals(Refusal.FENCED, older.append(first, "a", 1, "late"));
        younger.put("a", "young");
        assertEquals(Progress.FENCED, older.door().abort(first).progress());
        younger.commit();
        assertEquals(List.of("young"), rig.committed("a"));
    }

    /** T1, T8: whatever stands of it, who asks again is answered, and finds it visible. */
    @Test
    void anEndIsWholeOrNotAtAllWhicheverStepIsTheLast() throws IOException {
        boolean finished = false;
        for (int look = 0; !finished; look++) {
            RemoteProducer producer = RemoteProducer.open(rig, "t" + look);
            ProducerIdAndEpoch first = producer.self();
            String value = "x" + look;
            producer.put("a", value).put("b", value);
            List<Path> moment = new ArrayList<>();
            String name = "look-" + look;
            photographAt(look, name, moment);
            EndAnswer answer = producer.commit();
            rig.clock.atNextLook(NOTHING);
            finished = moment.isEmpty();
            if (!finished) {
                rig.crashTo(moment.get(0));
                EndAnswer again = producer.door().commit(first);
                assertTrue(rig.nothingIsOpen());
                assertEquals(answer, again);
                assertTrue(rig.committed("a").contains(value));
                assertTrue(rig.committed("b").contains(value));
                assertEquals(Progress.INVALID_STATE, producer.door().abort(first).progress());
            }
            assertTrue(look < 20);
        }
    }

    private void photographAt(int looks, String name, List<Path> moment) {
        rig.clock.atNextLook(() -> {
            if (looks == 0) {
                moment.add(rig.photograph(name));
            } else {
                photographAt(looks - 1, name, moment);
            }
        });
    }

    @Test
    void theLastEpochIsFollowedByAnotherProducerId() throws IOException {
        RemoteProducer producer = RemoteProducer.open(rig, "t");
        long retired = producer.self().producerId();
        while (producer.self().epoch() < Short.MAX_VALUE - 1) {
            assertEquals(Progress.DONE, producer.abort().progress());
            assertEquals(retired, producer.self().producerId());
        }
        ProducerIdAndEpoch last = producer.self();
        producer.put("a", "x");
        List<Runnable> release = new ArrayList<>();
        // One look for when the epoch was closed, the next one for the decision, when the branches are known.
        rig.clock.atNextLook(() -> rig.clock.atNextLook(() -> release.add(rig.barMarkers(retired, List.of("a")))));
        assertEquals(Progress.PENDING, producer.door().commit(last).progress());
        Path decided = rig.photograph("decided");
        release.get(0).run();
        EndAnswer answer = producer.commit();
        assertNotEquals(retired, answer.next().producerId());
        assertEquals(0, answer.next().epoch());
        assertRotated(producer, last, answer);
        rig.pass(1000);
        rig.crash();
        assertRotated(producer, last, answer);
        rig.crashTo(decided);
        assertRotated(producer, last, answer);
        producer.put("a", "y");
        assertEquals(Progress.FENCED, producer.door().commit(last).progress());
        assertEquals(done(after(answer.next())), producer.commit());
        assertEquals(List.of("x", "y"), rig.committed("a"));
    }

    private void assertRotated(RemoteProducer producer, ProducerIdAndEpoch last, EndAnswer answer) {
        assertEquals(answer, producer.door().commit(last));
        assertEquals(Progress.INVALID_STATE, producer.door().abort(last).progress());
        assertTrue(producer.append(last, "a", 1, "late") < 0);
        assertTrue(producer.append(last, "b", 0, "late") < 0);
        assertEquals(List.of("x"), rig.committed("a"));
        assertTrue(rig.nothingIsOpen());
    }
}
