package io.semel.transactions.records;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/**
 * What a consumer says to its group when it joins, as far as the coordinator has a use for it: the topics. Reads every
 * version, since later ones only append.
 *
 * <pre>
 *   version:int16   topics:[string]   userData:bytes?   owned partitions (1+)   generation:int32 (2+)   rack:string? (3+)
 * </pre>
 */
public final class ConsumerSubscription {

    private ConsumerSubscription() {
    }

    /** @throws CorruptRecordException if it is another kind of client's */
    public static Set<String> topics(byte[] subscription) {
        FieldReader reader = new FieldReader("consumer subscription", ByteBuffer.wrap(subscription));
        reader.int16Within("version", 0, Short.MAX_VALUE);
        int count = reader.arrayCount(Short.BYTES);
        Set<String> topics = new HashSet<>();
        for (int i = 0; i < count; i++) {
            topics.add(reader.string());
        }
        return topics;
    }
}
