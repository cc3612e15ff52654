package io.semel.benchmarks.workload.copy;

import java.nio.ByteBuffer;

import io.semel.benchmarks.workload.Pace;
import io.semel.client.DeliverySemantics;
import io.semel.client.Reader;
import io.semel.client.Semel;
import io.semel.client.TransactionalAppender;
import io.semel.client.TransactionalAppender.Target;
import io.semel.log.batch.RecordCursor;

/**
 * Exactly once by the short way: from a Reader's mapped bytes into a TransactionalAppender's batch. The last byte of
 * each value is transformed in a buffer of its own.
 */
public final class AppenderCopy implements CopyLoop {
    private static final int LONGEST_VALUE = 1 << 10;
    private static final int NULL_LENGTH = -1;

    private final Reader reader;
    private final TransactionalAppender appender;
    private final Target target;
    private final int recordsACommit;
    private final byte[] bytes = new byte[LONGEST_VALUE];
    private final ByteBuffer value = ByteBuffer.wrap(bytes);
    private final Reader.RecordHandler handler = this::onRecord;
    private Pace pace;
    private int inTransaction;
    private long unitsLeft;

    private AppenderCopy(Reader reader, TransactionalAppender appender, int recordsACommit) {
        this.reader = reader;
        this.appender = appender;
        this.target = appender.target(CopyTopics.OUTPUT, 0);
        this.recordsACommit = recordsACommit;
    }

    static AppenderCopy open(Semel semel, int recordsACommit) {
        return new AppenderCopy(semel.openReader(DeliverySemantics.EXACTLY_ONCE, CopyTopics.INPUT, 0, 0),
                semel.openTransactionalAppender(CopyTopics.GROUP), recordsACommit);
    }

    @Override
    public void copy(long units, Pace newPace) {
        pace = newPace;
        unitsLeft = units;
        while (unitsLeft > 0) {
            reader.poll(handler, 1);
        }
    }

    private void onRecord(RecordCursor record) {
        if (inTransaction == 0) {
            pace.await();
            appender.begin();
        }
        int lengthBytes = record.valueLength();
        record.buffer().get(record.valuePosition(), bytes, 0, lengthBytes);
        bytes[lengthBytes - 1]++;
        appender.append(target, null, 0, NULL_LENGTH, value, 0, lengthBytes);
        inTransaction++;
        if (inTransaction == recordsACommit) {
            appender.commitOffset(CopyTopics.GROUP, CopyTopics.INPUT, 0, record.offset() + 1);
            appender.commit();
            pace.done();
            inTransaction = 0;
            unitsLeft--;
            if (unitsLeft == 0) {
                // The rest of this batch is for the next call.
                reader.seek(record.offset() + 1);
            }
        }
    }

    @Override
    public void finish() {
        // A commit that has returned is as safe as it will be.
    }

    @Override
    public void close() {
        reader.close();
        appender.close();
    }
}
