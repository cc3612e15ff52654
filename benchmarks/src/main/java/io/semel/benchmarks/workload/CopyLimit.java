package io.semel.benchmarks.workload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;

/** The limit of the machine: payloads are copied into mapped pages, and nothing else is done. */
public final class CopyLimit implements Workload {
    private final int payloadBytes;
    private final MappedPages.Blocks blocks;

    public CopyLimit(int payloadBytes, MappedPages.Blocks blocks) {
        this.payloadBytes = payloadBytes;
        this.blocks = blocks;
    }

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) throws IOException {
        byte[] payload = Payload.create(payloadBytes);
        int recordsAFile = MappedPages.FILE_BYTES / payloadBytes;
        long lastNumbers = 0;
        try (MappedPages pages = MappedPages.create(directory, blocks, operations * payloadBytes)) {
            stopwatch.start();
            for (long first = 0; first < operations; first += recordsAFile) {
                long end = Math.min(operations, first + recordsAFile);
                ByteBuffer target = pages.next();
                copy(target, payload, first, end);
                lastNumbers += target.getLong((int) (end - 1 - first) * payloadBytes);
            }
            stopwatch.stop();
        }
        Payload.require("sum of the last number in each file", lastNumbers(operations, recordsAFile), lastNumbers);
        return NO_FIGURES;
    }

    private static long lastNumbers(long operations, int recordsAFile) {
        long sum = 0;
        for (long first = 0; first < operations; first += recordsAFile) {
            sum += Math.min(operations, first + recordsAFile) - 1;
        }
        return sum;
    }

    private static void copy(ByteBuffer target, byte[] payload, long first, long end) {
        int position = 0;
        for (long chunk = first; chunk < end; chunk += CHUNK) {
            position = copyChunk(target, position, payload, chunk, Math.min(end, chunk + CHUNK));
        }
    }

    private static int copyChunk(ByteBuffer target, int start, byte[] payload, long first, long end) {
        int position = start;
        for (long number = first; number < end; number++) {
            Payload.number(payload, number);
            target.put(position, payload);
            position += payload.length;
        }
        return position;
    }
}
