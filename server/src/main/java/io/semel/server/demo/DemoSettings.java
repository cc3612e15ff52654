package io.semel.server.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

import io.semel.client.DeliverySemantics;
import io.semel.server.UsageException;

/**
 * What a directory's demo is about, kept in the directory: another run goes on only with the same text, fed the same
 * way.
 *
 * @param crc of the text
 */
record DemoSettings(Path text, long bytes, long crc, int passes, int partitions, DeliverySemantics semantics) {
    private static final String FILE = "demo.properties";

    static DemoSettings of(Path text, int passes, int partitions, DeliverySemantics semantics) throws IOException {
        CRC32C crc = new CRC32C();
        try (InputStream in = new CheckedInputStream(Files.newInputStream(text), crc)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return new DemoSettings(text, Files.size(text), crc.getValue(), passes, partitions, semantics);
    }

    /** What an earlier run left in the directory, or null. */
    static DemoSettings load(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            return null;
        }
        Properties stored = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            stored.load(reader);
        }
        try {
            return new DemoSettings(Path.of(stored.getProperty("text")), Long.parseLong(stored.getProperty("bytes")),
                    Long.parseLong(stored.getProperty("crc32c")), Integer.parseInt(stored.getProperty("passes")),
                    Integer.parseInt(stored.getProperty("partitions")),
                    DeliverySemantics.valueOf(stored.getProperty("semantics")));
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new UsageException("not understood: " + file + "; choose another directory", e);
        }
    }

    void store(Path directory) throws IOException {
        Properties stored = new Properties();
        stored.setProperty("text", text.toString());
        stored.setProperty("bytes", Long.toString(bytes));
        stored.setProperty("crc32c", Long.toString(crc));
        stored.setProperty("passes", Integer.toString(passes));
        stored.setProperty("partitions", Integer.toString(partitions));
        stored.setProperty("semantics", semantics.name());
        try (Writer writer = Files.newBufferedWriter(directory.resolve(FILE))) {
            stored.store(writer, "What ./semel demo counts in this directory");
        }
    }

    void requireSame(DemoSettings now, Path directory) {
        String difference = null;
        if (bytes != now.bytes || crc != now.crc) {
            difference = "another text: " + now.text;
        } else if (passes != now.passes) {
            difference = "--passes " + now.passes + " instead of " + passes;
        } else if (partitions != now.partitions) {
            difference = "--partitions " + now.partitions + " instead of " + partitions;
        } else if (semantics != now.semantics) {
            difference = "other semantics than " + semantics;
        }
        if (difference != null) {
            throw new UsageException("the demo in " + directory + " can't go on with " + difference
                    + "; repeat it as it was begun, or choose another directory");
        }
    }
}
