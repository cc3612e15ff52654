/**
 * Kafka's RecordBatch, version 2: layout, checks, view, writer and record cursor. Everything here works on borrowed
 * bytes, allocates nothing on the paths that every batch takes, and knows nothing of files, segments or threads.
 */
package io.semel.log.batch;
