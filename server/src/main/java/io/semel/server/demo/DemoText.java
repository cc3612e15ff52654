package io.semel.server.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

import io.semel.server.UsageException;

/**
 * Where the words come from: a file as it lies, or a copy in the demo's directory that a restarted worker can seek in.
 */
final class DemoText {
    /** Standard input is copied before it is fed, and nobody wants a demo to fill the disk. */
    static final long MAX_SPOOL_BYTES = 1L << 30;

    static final String STANDARD_INPUT = "-";

    /**
     * Freely licensed texts of some length that Debian and its relatives have; without them the licence in our own jar.
     */
    private static final Path COMMON_TEXTS = Path.of("/usr/share/common-licenses");
    private static final List<String> COMMON_TEXT_NAMES = List.of("GPL-3", "GPL-2", "GPL-1", "LGPL-3", "LGPL-2.1",
            "GFDL-1.3", "MPL-2.0", "MPL-1.1", "Apache-2.0", "Artistic");
    private static final String OWN_TEXT = "LICENSE";

    private static final String SPOOL_FILE = "demo-input.txt";

    private DemoText() {
    }

    /** Refuses what can't be read, before anything is made. */
    static Path requireReadable(String input) {
        Path file = Path.of(input).toAbsolutePath().normalize();
        if (!Files.exists(file)) {
            throw new UsageException("no such file: " + file + "; name a text file, or '-' for standard input");
        }
        if (Files.isDirectory(file)) {
            throw new UsageException("a directory, not a file: " + file + "; name one text file of it");
        }
        if (!Files.isReadable(file)) {
            throw new UsageException("file can't be read: " + file + "; check its permissions");
        }
        return file;
    }

    /** Copies standard input into the directory; replaces an earlier copy only when it is whole. */
    static Path spool(InputStream in, Path directory) throws IOException {
        Path part = directory.resolve(SPOOL_FILE + ".part");
        try (OutputStream out = Files.newOutputStream(part)) {
            copy(in, out, part);
        }
        return Files.move(part, directory.resolve(SPOOL_FILE), StandardCopyOption.REPLACE_EXISTING);
    }

    private static void copy(InputStream in, OutputStream out, Path part) throws IOException {
        byte[] buffer = new byte[64 << 10];
        long copied = 0;
        int read = in.read(buffer);
        while (read >= 0) {
            copied += read;
            if (copied > MAX_SPOOL_BYTES) {
                out.close();
                Files.delete(part);
                throw new UsageException("standard input is too long for the demo: more than " + MAX_SPOOL_BYTES
                        + " bytes; give it less, or a file by --input FILE");
            }
            out.write(buffer, 0, read);
            read = in.read(buffer);
        }
    }

    /** Puts the texts that this machine has into the directory. */
    static Path ship(Path directory) throws IOException {
        Path part = directory.resolve(SPOOL_FILE + ".part");
        try (OutputStream out = Files.newOutputStream(part)) {
            boolean found = false;
            for (String name : COMMON_TEXT_NAMES) {
                Path text = COMMON_TEXTS.resolve(name);
                if (Files.isRegularFile(text)) {
                    Files.copy(text, out);
                    found = true;
                }
            }
            if (!found) {
                copyOwn(out);
            }
        }
        return Files.move(part, directory.resolve(SPOOL_FILE), StandardCopyOption.REPLACE_EXISTING);
    }

    private static void copyOwn(OutputStream out) throws IOException {
        try (InputStream own = DemoText.class.getResourceAsStream(OWN_TEXT)) {
            if (own == null) {
                throw new IOException("no text to count: neither " + COMMON_TEXTS + " nor " + OWN_TEXT
                        + " in the jar; name one by --input FILE");
            }
            own.transferTo(out);
        }
    }
}
