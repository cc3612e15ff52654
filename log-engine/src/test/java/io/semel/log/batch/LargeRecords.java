package io.semel.log.batch;

import java.util.List;
import java.util.Random;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Records whose values are as long as wanted, the same at every call. */
final class LargeRecords {
    private static final long SEED = 7;
    private static final String[] WORDS = {"once ", "and ", "only ", "never ", "twice ", "a record ", "semel "};

    private LargeRecords() {
    }

    /** Four: random bytes, zeros, text, and nothing but headers. */
    static List<SampleRecord> some(int valueBytes) {
        byte[] random = new byte[valueBytes];
        new Random(SEED).nextBytes(random);
        byte[][] none = {};
        byte[][] headerKeys = {"trace".getBytes(UTF_8), "null".getBytes(UTF_8)};
        byte[][] headerValues = {text(valueBytes), null};
        return List.of(new SampleRecord(5, null, random, none, none),
                new SampleRecord(7, text(20), new byte[valueBytes], none, none),
                new SampleRecord(6, new byte[0], text(valueBytes), headerKeys, headerValues),
                new SampleRecord(6, null, null, headerKeys, headerValues));
    }

    static byte[] text(int length) {
        Random random = new Random(SEED);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(WORDS[random.nextInt(WORDS.length)]);
        }
        return text.substring(0, length).getBytes(UTF_8);
    }
}
