/**
 * What compaction does with the batches of a segment, knowing files and bytes but no log: which records go, and how what
 * stays is written. Who compacts what and when, and how the result takes the place of the old segments, is the log's.
 */
package io.semel.log.compaction;
