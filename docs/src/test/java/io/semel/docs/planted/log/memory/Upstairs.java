package io.semel.docs.planted.log.memory;

import java.nio.MappedByteBuffer;

import io.semel.docs.planted.log.batch.Layout;

/** Planted: memory looks at batch. Its raw memory is at home here. */
final class Upstairs {
    MappedByteBuffer atHome;
    Layout above;
}
