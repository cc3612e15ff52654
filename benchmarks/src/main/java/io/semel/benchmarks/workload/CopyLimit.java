package io.semel.benchmarks.workload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;

/** The limit of the machine: payloads are copied into mapped pages, and nothing else is done. */
public final class CopyLimit implements Workload {
    private final MappedPages.Blocks blocks;

    private CopyLimit(MappedPages.Blocks blocks) {
        this.blocks = blocks;
    }

    /** Into pages whose blocks were written before. */
    public static CopyLimit ofReadyBlocks() {
        return new CopyLimit(MappedPages.Blocks.READY);
    }

    /** Including the writing of the blocks. */
    public static CopyLimit ofBlocksWrittenOnTheWay() {
        return new CopyLimit(MappedPages.Blocks.WRITTEN_ON_THE_WAY);
    }

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) throws IOException {
        byte[] payload = Payload.create();
        int recordsAFile = MappedPages.FILE_BYTES / Payload.LENGTH;
        try (MappedPages pages = MappedPages.create(directory, blocks, operations * Payload.LENGTH)) {
            stopwatch.start();
            for (long first = 0; first < operations; first += recordsAFile) {
                copy(pages.next(), payload, first, Math.min(operations, first + recordsAFile));
            }
            stopwatch.stop();
        }
        return NO_FIGURES;
    }

    private static void copy(ByteBuffer target, byte[] payload, long first, long end) {
        int position = 0;
        for (long chunk = first; chunk < end; chunk += SemelAppend.CHUNK) {
            position = copyChunk(target, position, payload, chunk, Math.min(end, chunk + SemelAppend.CHUNK));
        }
    }

    private static int copyChunk(ByteBuffer target, int start, byte[] payload, long first, long end) {
        int position = start;
        for (long number = first; number < end; number++) {
            Payload.number(payload, number);
            target.put(position, payload);
            position += Payload.LENGTH;
        }
        return position;
    }
}
