/** {@code semel dump}: what stands in a segment file, batch by batch, record by record, byte by byte. */
package io.semel.server.dump;
