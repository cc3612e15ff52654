package io.semel.transactions.groups.consumer;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class TopicPatternTest {

    @Test
    void theWholeNameMustMatch() {
        assertEquals(Set.of("orders", "orders-2"), TopicPattern.of("orders.*").orElseThrow().matching(List.of("orders",
                "orders-2", "my-orders")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a", "a(?=b)", "(?<!a)b", "(a)\\1", "a*+", "(?>a)", "\\k<x>"})
    void whatRe2DoesNotKnowIsRefused(String text) {
        assertEquals(Optional.empty(), TopicPattern.of(text));
    }

    @Test
    void aPatternThatWouldTakeForEverMatchesNothing() {
        assertEquals(Set.of(), TopicPattern.of("(a*)*b").orElseThrow().matching(List.of("a".repeat(200))));
    }
}
