package io.semel.verify;

import java.util.List;

import org.apache.kafka.common.TopicPartition;

import io.semel.transactions.partition.Partition;
import io.semel.verify.programs.EventLine;
import io.semel.verify.programs.EventOutput;

/**
 * Tells what a member does, in the lines of the verifiable programs; or nothing, when nobody wants a history.
 *
 * <p>Thread rule: the member's thread.
 */
final class Telling {
    static final Telling NOTHING = new Telling(null);

    /** Null when nothing is told. */
    private final EventOutput output;

    private Telling(EventOutput output) {
        this.output = output;
    }

    static Telling to(EventOutput output) {
        return new Telling(output);
    }

    /** A new instance: the one before has died, or has been replaced. */
    void started() {
        tell(EventLine.STARTUP_COMPLETE);
    }

    void begun() {
        tell(EventLine.TRANSACTION_BEGUN);
    }

    void committing() {
        tell(EventLine.TRANSACTION_COMMITTING);
    }

    void committed() {
        tell(EventLine.TRANSACTION_COMMITTED);
    }

    void aborted() {
        tell(EventLine.TRANSACTION_ABORTED);
    }

    private void tell(String event) {
        if (output != null) {
            output.print(event);
        }
    }

    /** A batch that was admitted, for the first time. */
    void sent(Partition target, List<Portion.Entry> entries, long baseOffset) {
        if (output == null) {
            return;
        }
        TopicPartition partition = new TopicPartition(target.id().topic(), target.id().partition());
        for (int index = 0; index < entries.size(); index++) {
            output.printSent(null, name(entries.get(index).key()), partition, baseOffset + index);
        }
    }

    /** What a history calls a record: of its partition, it is the only one of that number. */
    static String name(byte[] key) {
        VerifiableRecord record = VerifiableRecord.of(key);
        return record == null ? "unknown" : Long.toString(record.number());
    }
}
