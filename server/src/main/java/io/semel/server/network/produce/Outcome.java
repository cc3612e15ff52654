package io.semel.server.network.produce;

/**
 * What became of one partition's records, as the client is told. Immutable.
 *
 * @param baseOffset     of the first record; -1 when it has none
 * @param logStartOffset where the partition begins; -1 when that was not looked for
 */
record Outcome(int partition, Rejection rejection, long baseOffset, long logStartOffset) {
}
