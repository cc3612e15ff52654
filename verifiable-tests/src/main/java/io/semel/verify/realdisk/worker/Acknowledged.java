package io.semel.verify.realdisk.worker;

/**
 * What an author was told: these of his records stand from that offset on, for good.
 *
 * @param author of {@link Content}
 */
record Acknowledged(long author, long offset, long sequence, int count) {
}
