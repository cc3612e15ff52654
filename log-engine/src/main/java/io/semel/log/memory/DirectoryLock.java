package io.semel.log.memory;

import java.io.IOException;

/** The exclusive right to a directory, until closed or until the process ends. Closing twice is harmless. */
public interface DirectoryLock extends AutoCloseable {
    @Override
    void close() throws IOException;
}
