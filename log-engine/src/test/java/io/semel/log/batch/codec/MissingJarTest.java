package io.semel.log.batch.codec;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Function;

import org.junit.jupiter.api.Test;

import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.log.batch.RecordCursor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The house on a class path without any of the codecs' jars. */
class MissingJarTest {
    private static final String[] JARS = {"snappy-java", "lz4-java", "zstd-jni"};

    @Test
    void withoutItsJarACodecIsRefusedByNameWithTheJarToAdd() throws Exception {
        for (String[] each : new String[][] {{"snappy", "org.xerial.snappy:snappy-java"},
            {"lz4", "at.yawk.lz4:lz4-java"}, {"zstd", "com.github.luben:zstd-jni"}}) {
            for (Class<?> probe : new Class<?>[] {WritingProbe.class, ReadingProbe.class}) {
                String refusal = runWithoutJars(probe, each[0]);
                assertTrue(refusal.startsWith("compression with " + each[0] + " needs a jar"), refusal);
                assertTrue(refusal.contains("add " + each[1]), refusal);
            }
        }
    }

    @Test
    void withoutAnyJarPlainAndGzippedBatchesWork() throws Exception {
        for (String codec : new String[] {"none", "gzip"}) {
            assertEquals("1000", runWithoutJars(WritingProbe.class, codec));
        }
    }

    @Test
    void withTheJarsEverythingWorks() {
        for (Codec codec : Codec.values()) {
            assertEquals("1000", new WritingProbe().apply(codec.kafkaName()));
        }
    }

    private static String runWithoutJars(Class<?> probe, String codec) throws Exception {
        URL[] classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> Arrays.stream(JARS).noneMatch(entry::contains))
                .map(MissingJarTest::url).toArray(URL[]::new);
        try (URLClassLoader loader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
            assertThrows(ClassNotFoundException.class, () -> loader.loadClass("org.xerial.snappy.Snappy"));
            Object there = loader.loadClass(probe.getName()).getConstructor().newInstance();
            return (String) Function.class.getMethod("apply", Object.class).invoke(there, codec);
        }
    }

    private static URL url(String entry) {
        try {
            return new File(entry).toURI().toURL();
        } catch (java.net.MalformedURLException e) {
            throw new IllegalArgumentException(entry, e);
        }
    }

    /** Writes and reads a record of a thousand bytes; what comes back is the length, or why not. */
    public static final class WritingProbe implements Function<String, String> {
        @Override
        public String apply(String codec) {
            try {
                RecordBatchWriter writer =
                        new RecordBatchWriter(0, 1 << 20, Compression.of(Codec.ofName(codec))).begin(0);
                writer.tryAppend(0, null, new byte[1000]);
                RecordCursor cursor = new RecordCursor().wrap(new RecordBatchView().wrap(writer.finish(), 0));
                cursor.next();
                return Integer.toString(cursor.valueLength());
            } catch (UnsupportedCompressionException e) {
                return e.getMessage();
            }
        }
    }

    /** Reads a batch that claims to be compressed. */
    public static final class ReadingProbe implements Function<String, String> {
        @Override
        public String apply(String codec) {
            RecordBatchWriter writer = new RecordBatchWriter(0, 1 << 20).begin(0);
            writer.tryAppend(0, null, new byte[1000]);
            ByteBuffer batch = writer.finish();
            batch.putShort(21, (short) Codec.ofName(codec).code());
            try {
                new RecordCursor().wrap(new RecordBatchView().wrap(batch, 0));
                return "read";
            } catch (UnsupportedCompressionException e) {
                return e.getMessage();
            }
        }
    }
}
