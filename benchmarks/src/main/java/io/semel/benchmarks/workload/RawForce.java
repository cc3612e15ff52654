package io.semel.benchmarks.workload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

import org.HdrHistogram.Histogram;

/**
 * The limit of the disk: four kibibytes are written and forced, again and again, into a file whose blocks and size are
 * on the medium already, so that a force has no metadata to write.
 */
public final class RawForce implements Workload {
    private static final int BLOCK_BYTES = 4 << 10;
    private static final int BLOCKS = 16 << 10;
    private static final int PREPARED_AT_A_TIME = 256;

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) throws IOException {
        Histogram latencies = Latencies.histogram();
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
        try (FileChannel file = FileChannel.open(directory.resolve("blocks"), StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            prepare(file);
            stopwatch.start();
            for (long number = 0; number < operations; number++) {
                block.clear().putLong(0, number);
                long startNs = System.nanoTime();
                writeAll(file, block, number % BLOCKS * BLOCK_BYTES);
                file.force(false);
                Latencies.note(latencies, System.nanoTime() - startNs);
            }
            stopwatch.stop();
            verify(file, block, operations - 1);
        }
        return Latencies.figures(latencies);
    }

    private static void prepare(FileChannel file) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(BLOCK_BYTES * PREPARED_AT_A_TIME);
        for (long position = 0; position < (long) BLOCKS * BLOCK_BYTES; position += zeros.capacity()) {
            writeAll(file, zeros.clear(), position);
        }
        file.force(true);
    }

    private static void verify(FileChannel file, ByteBuffer block, long lastNumber) throws IOException {
        Payload.require("bytes of the last block", BLOCK_BYTES, file.read(block.clear(), lastNumber % BLOCKS
                * BLOCK_BYTES));
        Payload.require("number in the last block", lastNumber, block.getLong(0));
    }

    private static void writeAll(FileChannel file, ByteBuffer bytes, long position) throws IOException {
        long next = position;
        while (bytes.hasRemaining()) {
            next += file.write(bytes, next);
        }
    }
}
