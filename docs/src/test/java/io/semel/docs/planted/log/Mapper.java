package io.semel.docs.planted.log;

import java.io.IOException;
import java.nio.channels.FileChannel;

import io.semel.docs.planted.log.batch.Layout;

/** Planted: maps a file outside of memory. It may look at batch. */
final class Mapper {
    Layout below;

    Object map(FileChannel channel) throws IOException {
        return channel.map(FileChannel.MapMode.READ_ONLY, 0, 1);
    }
}
