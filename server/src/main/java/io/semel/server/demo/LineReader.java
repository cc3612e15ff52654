package io.semel.server.demo;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import io.semel.server.UsageException;

/**
 * Reads a text line by line and knows the byte at which the next line begins, so that a restarted feeder can go on
 * there.
 *
 * <p>Thread rule: one thread.
 */
final class LineReader implements Closeable {
    /** Half of what a topic takes by default in one record. */
    static final int MAX_LINE_BYTES = 512 << 10;

    private final Path file;
    private final InputStream in;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    private long position;

    private LineReader(Path file, InputStream in, long position) {
        this.file = file;
        this.in = in;
        this.position = position;
    }

    static LineReader open(Path file, long position) throws IOException {
        FileChannel channel = FileChannel.open(file);
        channel.position(position);
        return new LineReader(file, new BufferedInputStream(Channels.newInputStream(channel), 64 << 10), position);
    }

    /** Reads the next line, without its end; false at the end of the text. */
    boolean next() throws IOException {
        line.reset();
        int read = in.read();
        if (read < 0) {
            return false;
        }
        while (read >= 0 && read != '\n') {
            position++;
            line.write(read);
            if (line.size() > MAX_LINE_BYTES) {
                throw new UsageException("line too long: " + file + " at byte " + (position - line.size())
                        + " holds more than " + MAX_LINE_BYTES + " bytes without a line end; is it a text?");
            }
            read = in.read();
        }
        position += read < 0 ? 0 : 1;
        return true;
    }

    /** The line; bytes that are no UTF-8 are replaced, the same way wherever the text is read. */
    String line() {
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /** Where the next line begins. */
    long position() {
        return position;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
