package io.semel.verify.protocol;

import io.semel.log.Durability;
import io.semel.verify.disk.MetadataOrder;

/**
 * What a life finds when it begins.
 *
 * @param nearLastEpoch    the first transactional id has been taken over so often that few epochs are left (I5)
 * @param nearLastSequence the first idempotent producer has written so much that its sequences are about to wrap (I5)
 */
record Setting(Durability durability, MetadataOrder order, long diskSeed, boolean nearLastEpoch,
        boolean nearLastSequence) {
}
