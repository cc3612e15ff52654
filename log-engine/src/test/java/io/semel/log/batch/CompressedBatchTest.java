package io.semel.log.batch;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import org.apache.kafka.common.compress.GzipCompression;
import org.apache.kafka.common.compress.Lz4Compression;
import org.apache.kafka.common.compress.SnappyCompression;
import org.apache.kafka.common.compress.ZstdCompression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import io.semel.log.batch.codec.Codec;
import io.semel.log.batch.codec.Compression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Compressed batches between Kafka's reader and writer and ours, and what becomes of damaged ones. */
class CompressedBatchTest {
    private static final int MAX_BATCH_BYTES = 4 << 20;
    private static final int TRIES = 100;
    private static final int LARGE_VALUE_BYTES = 700_000;
    private static final List<Codec> CODECS = List.of(Codec.GZIP, Codec.SNAPPY, Codec.LZ4, Codec.ZSTD);

    private final RecordBatchView view = new RecordBatchView();
    private final RecordCursor cursor = new RecordCursor();

    @Property(tries = TRIES)
    void kafkaReadsWhatWeCompress(@ForAll("samples") SampleBatch sample, @ForAll("compressions") Compression how) {
        ByteBuffer plain = sample.write(new RecordBatchWriter(0, MAX_BATCH_BYTES)).duplicate();
        ByteBuffer bytes = sample.write(new RecordBatchWriter(0, MAX_BATCH_BYTES, how));
        assertTrue(bytes.limit() <= plain.limit(), "never longer");
        assertEquals(BatchCheck.WHOLE, RecordBatchView.check(bytes, 0, bytes.limit()));
        RecordBatch batch = KafkaOracle.read(bytes);
        int code = bytes.limit() < plain.limit() ? how.codec().code() : 0;
        assertEquals(code, batch.compressionType().id);
        assertEquals(sample.baseOffset, batch.baseOffset());
        assertEquals(sample.producerId, batch.producerId());
        assertEquals(sample.baseSequence, batch.baseSequence());
        assertEquals(sample.isTransactional, batch.isTransactional());
        assertEquals(sample.records, KafkaOracle.recordsOf(batch));
        assertEquals(sample.records, records(bytes, 0));
    }

    @Property(tries = TRIES)
    void weReadWhatKafkaCompresses(@ForAll("samples") SampleBatch sample, @ForAll("compressions") Compression how) {
        ByteBuffer bytes = KafkaOracle.write(sample, kafkas(how), TimestampType.CREATE_TIME, RecordBatch.NO_TIMESTAMP);
        assertEquals(BatchCheck.WHOLE, RecordBatchView.check(bytes, 0, bytes.limit()));
        assertEquals(how.codec().code(), view.wrap(bytes, 0).compressionCode());
        assertEquals(sample.records, records(bytes, 0));
        ByteBuffer mapped = ByteBuffer.allocateDirect(bytes.limit() + 20).put(10, bytes, 0, bytes.limit());
        assertEquals(sample.records, records(mapped, 10));
    }

    @Provide
    Arbitrary<SampleBatch> samples() {
        return SampleBatch.arbitrary(Arbitraries.longs().between(0, Long.MAX_VALUE / 2));
    }

    @Provide
    Arbitrary<Compression> compressions() {
        return Arbitraries.oneOf(Arbitraries.just(Compression.of(Codec.SNAPPY)),
                Arbitraries.integers().between(1, 9).map(level -> new Compression(Codec.GZIP, level)),
                Arbitraries.just(Compression.of(Codec.GZIP)),
                Arbitraries.integers().between(1, 17).map(level -> new Compression(Codec.LZ4, level)),
                Arbitraries.integers().between(-7, 15).map(level -> new Compression(Codec.ZSTD, level)));
    }

    private static org.apache.kafka.common.compress.Compression kafkas(Compression how) {
        return switch (how.codec()) {
            case NONE -> org.apache.kafka.common.compress.Compression.NONE;
            case GZIP -> new GzipCompression.Builder().level(how.level()).build();
            case SNAPPY -> new SnappyCompression.Builder().build();
            case LZ4 -> new Lz4Compression.Builder().level(how.level()).build();
            case ZSTD -> new ZstdCompression.Builder().level(how.level()).build();
        };
    }

    /** More than one block of every codec, and parts that can't be made shorter. */
    @Example
    void largeValuesPassBothWays() {
        for (Codec codec : CODECS) {
            SampleBatch sample = SampleBatch.of(LargeRecords.some(LARGE_VALUE_BYTES));
            ByteBuffer ours = sample.write(new RecordBatchWriter(0, MAX_BATCH_BYTES, Compression.of(codec)));
            assertEquals(codec.code(), view.wrap(ours, 0).compressionCode());
            assertEquals(sample.records, KafkaOracle.recordsOf(KafkaOracle.read(ours)), codec.kafkaName());
            ByteBuffer kafkas = KafkaOracle.write(sample, kafkas(Compression.of(codec)), TimestampType.CREATE_TIME,
                    RecordBatch.NO_TIMESTAMP);
            assertEquals(sample.records, records(kafkas, 0), codec.kafkaName());
        }
    }

    @Example
    void oneCursorReadsBatchesOfEveryCodecAndPlainOnesInTurn() {
        SampleBatch large = SampleBatch.of(LargeRecords.some(LARGE_VALUE_BYTES));
        SampleBatch small = SampleBatch.of(LargeRecords.some(100));
        for (int round = 0; round < 2; round++) {
            for (Codec codec : Codec.values()) {
                RecordBatchWriter writer = new RecordBatchWriter(0, MAX_BATCH_BYTES, Compression.of(codec));
                for (SampleBatch sample : List.of(large, small)) {
                    assertEquals(sample.records, records(sample.write(writer), 0), codec.kafkaName());
                }
            }
        }
    }

    @Example
    void theWriterTakesUpAgainAfterACompressedBatch() {
        RecordBatchWriter writer = new RecordBatchWriter(0, MAX_BATCH_BYTES, Compression.of(Codec.GZIP));
        byte[] compressible = new byte[1000];
        for (int i = 0; i < 3; i++) {
            writer.begin(0).tryAppend(0, null, compressible);
            assertEquals(1, view.wrap(writer.finish(), 0).compressionCode());
            writer.begin(0).tryAppend(0, null, null);
            assertEquals(0, view.wrap(writer.finish(), 0).compressionCode(), "too short to gain");
        }
    }

    @Example
    void resequencingACompressedBatchKeepsItsRecords() {
        SampleBatch sample = SampleBatch.of(LargeRecords.some(100));
        ByteBuffer bytes = sample.write(new RecordBatchWriter(0, MAX_BATCH_BYTES, Compression.of(Codec.ZSTD)));
        RecordBatchWriter.resequence(bytes, 0, 77, (short) 3, 5);
        RecordBatch batch = KafkaOracle.read(bytes);
        assertEquals(77, batch.producerId());
        assertEquals(sample.records, KafkaOracle.recordsOf(batch));
    }

    @Example
    void aBatchThatCompactionEmptiedHasNoRecords() {
        for (Codec codec : CODECS) {
            ByteBuffer bytes = ByteBuffer.allocate(RecordBatchLayout.HEADER_LENGTH);
            DefaultRecordBatch.writeEmptyHeader(bytes, RecordBatch.MAGIC_VALUE_V2, 41, (short) 0, 0, 100, 120, 1,
                    TimestampType.CREATE_TIME, 1000, false, false);
            bytes.putShort(RecordBatchLayout.ATTRIBUTES_POSITION, (short) codec.code());
            assertEquals(List.of(), records(bytes, 0));
        }
    }

    @Example
    void offsetsAreThoseOfTheBatch() {
        ByteBuffer bytes = SampleBatch.of(LargeRecords.some(50))
                .write(new RecordBatchWriter(0, MAX_BATCH_BYTES, Compression.of(Codec.LZ4)));
        RecordBatchLayout.stamp(bytes, 0, 1000, 2);
        List<Long> offsets = new ArrayList<>();
        cursor.wrap(view.wrap(bytes, 0));
        while (cursor.next()) {
            offsets.add(cursor.offset());
        }
        assertEquals(List.of(1000L, 1001L, 1002L, 1003L), offsets);
    }

    /** The CRC would find all of these; here it is not looked at. */
    @Example
    void noFlippedByteOfACompressedBatchGivesAnythingButRecordsOrARefusal() {
        for (Codec codec : CODECS) {
            for (ByteBuffer sound : soundBatches(codec)) {
                int refusals = 0;
                for (int at = RecordBatchLayout.HEADER_LENGTH; at < sound.limit(); at++) {
                    for (int flip : new int[] {0x01, 0x10, 0x80, 0xff}) {
                        sound.put(at, (byte) (sound.get(at) ^ flip));
                        refusals += isRefused(sound) ? 1 : 0;
                        sound.put(at, (byte) (sound.get(at) ^ flip));
                    }
                }
                assertTrue(refusals > sound.limit() / 4, codec.kafkaName() + " refusals=" + refusals);
                assertFalse(isRefused(sound), "sound again");
            }
        }
    }

    @Example
    void everyCutOfACompressedBatchIsRefused() {
        for (Codec codec : CODECS) {
            for (ByteBuffer sound : soundBatches(codec)) {
                for (int end = RecordBatchLayout.HEADER_LENGTH; end < sound.limit(); end++) {
                    ByteBuffer cut = ByteBuffer.allocate(end).put(0, sound, 0, end);
                    cut.putInt(RecordBatchLayout.LENGTH_POSITION, end - RecordBatchLayout.LOG_OVERHEAD);
                    assertTrue(isRefused(cut), codec.kafkaName() + " cut at " + end + " of " + sound.limit());
                }
            }
        }
    }

    @Property(tries = TRIES)
    void randomBytesAreNeverAnythingButRecordsOrARefusal(@ForAll byte[] payload,
            @ForAll("compressions") Compression how) {
        ByteBuffer sound = soundBatches(how.codec()).get(0);
        int sizeInBytes = RecordBatchLayout.HEADER_LENGTH + payload.length;
        ByteBuffer batch = ByteBuffer.allocate(sizeInBytes).put(0, sound, 0, RecordBatchLayout.HEADER_LENGTH);
        batch.put(RecordBatchLayout.HEADER_LENGTH, payload);
        batch.putInt(RecordBatchLayout.LENGTH_POSITION, sizeInBytes - RecordBatchLayout.LOG_OVERHEAD);
        isRefused(batch);
    }

    /** Ours and Kafka's. */
    private static List<ByteBuffer> soundBatches(Codec codec) {
        SampleBatch sample = SampleBatch.of(LargeRecords.some(60));
        ByteBuffer ours = sample.write(new RecordBatchWriter(0, MAX_BATCH_BYTES, Compression.of(codec)));
        return List.of(ours, KafkaOracle.write(sample, kafkas(Compression.of(codec)), TimestampType.CREATE_TIME,
                RecordBatch.NO_TIMESTAMP));
    }

    private boolean isRefused(ByteBuffer batch) {
        try {
            records(batch, 0);
            return false;
        } catch (CorruptBatchException refusal) {
            return true;
        }
    }

    @Example
    void whatARefusedBatchLeavesIsNotShown() {
        ByteBuffer sound = soundBatches(Codec.ZSTD).get(0);
        assertTrue(cursor.wrap(view.wrap(sound, 0)).next());
        ByteBuffer bad = ByteBuffer.allocate(sound.limit()).put(0, sound, 0, RecordBatchLayout.HEADER_LENGTH);
        assertThrows(CorruptBatchException.class, () -> cursor.wrap(view.wrap(bad, 0)));
        assertFalse(cursor.next());
        assertFalse(cursor.nextHeader());
    }

    @Example
    void aCountThatTheRecordsContradictIsRefused() {
        for (Codec codec : CODECS) {
            ByteBuffer batch = soundBatches(codec).get(0);
            int recordCount = view.wrap(batch, 0).recordCount();
            for (int wrong : new int[] {0, recordCount - 1, recordCount + 1, Integer.MAX_VALUE}) {
                batch.putInt(RecordBatchLayout.RECORD_COUNT_POSITION, wrong);
                assertTrue(isRefused(batch), "recordCount=" + wrong);
            }
        }
    }

    @Example
    void aBatchThatComesToMoreThanTheReadersLimitIsRefusedWithTheLimit() {
        for (Codec codec : CODECS) {
            SampleBatch sample = SampleBatch.of(LargeRecords.some(LARGE_VALUE_BYTES));
            int plainBytes = sample.write(new RecordBatchWriter(0, MAX_BATCH_BYTES)).limit()
                    - RecordBatchLayout.HEADER_LENGTH;
            ByteBuffer batch = sample.write(new RecordBatchWriter(0, MAX_BATCH_BYTES, Compression.of(codec)));
            assertTrue(new RecordCursor(plainBytes).wrap(view.wrap(batch, 0)).next(), "just fits");
            CorruptBatchException refusal = assertThrows(CorruptBatchException.class,
                    () -> new RecordCursor(plainBytes - 1).wrap(view.wrap(batch, 0)));
            assertTrue(refusal.getMessage().contains("limit of " + (plainBytes - 1)), refusal.getMessage());
        }
    }

    @Example
    void aWriterForACodecNeedsALevelThatItHas() {
        for (Codec codec : CODECS) {
            assertThrows(IllegalArgumentException.class, () -> new Compression(codec, 100));
        }
        assertThrows(IllegalArgumentException.class, () -> new Compression(Codec.GZIP, 0));
        assertThrows(IllegalArgumentException.class, () -> Codec.ofName("brotli"));
        for (Codec codec : Codec.values()) {
            assertEquals(codec, Codec.ofName(codec.kafkaName()));
            assertEquals(codec, Codec.ofCode(codec.code()));
        }
    }

    @Example
    void higherLevelsReachTheCodec() {
        byte[] value = LargeRecords.text(200_000);
        assertArrayEquals(new boolean[] {true, true, true},
                new boolean[] {isSmallerAt(9, 1, Codec.GZIP, value), isSmallerAt(17, 9, Codec.LZ4, value),
                    isSmallerAt(19, 1, Codec.ZSTD, value)});
    }

    private static boolean isSmallerAt(int high, int low, Codec codec, byte[] value) {
        return compressedBytes(new Compression(codec, high), value) < compressedBytes(new Compression(codec, low),
                value);
    }

    private static int compressedBytes(Compression how, byte[] value) {
        RecordBatchWriter writer = new RecordBatchWriter(0, MAX_BATCH_BYTES, how).begin(0);
        writer.tryAppend(0, null, value);
        return writer.finish().limit();
    }

    private List<SampleRecord> records(ByteBuffer bytes, int position) {
        List<SampleRecord> records = new ArrayList<>();
        cursor.wrap(view.wrap(bytes, position));
        while (cursor.next()) {
            records.add(SampleRecord.of(cursor));
        }
        return records;
    }
}
