package io.semel.client.runtime;

import java.io.IOException;

import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

import io.semel.transactions.partition.PartitionId;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

class KafkaErrorsTest {
    private static final PartitionId ORDERS = new PartitionId("orders", 3);

    @Test
    void aFullDiskIsToldWithPartitionReasonAndRemedy() {
        IOException cause = new IOException("no room for 7 bytes of /data/orders-3/a");
        KafkaException told = KafkaErrors.noRoom(ORDERS, cause);
        assertSame(cause, told.getCause());
        for (String part : new String[] {"orders-3", "no room for 7 bytes of /data/orders-3/a", "free space"}) {
            assertTrue(told.getMessage().contains(part), told::getMessage);
        }
    }

    /** Another thread's append may find room between the refusal and the question why. */
    @Test
    void roomThatCameBackBeforeAnybodyAskedIsNoNull() {
        KafkaException told = KafkaErrors.noRoom(ORDERS, null);
        assertNull(told.getCause());
        assertFalse(told.getMessage().contains("null"), told::getMessage);
        assertTrue(told.getMessage().contains("room again") && told.getMessage().contains("send again"),
                told::getMessage);
    }
}
