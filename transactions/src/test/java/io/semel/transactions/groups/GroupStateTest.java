package io.semel.transactions.groups;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import static io.semel.transactions.groups.GroupState.COMPLETING_REBALANCE;
import static io.semel.transactions.groups.GroupState.DEAD;
import static io.semel.transactions.groups.GroupState.EMPTY;
import static io.semel.transactions.groups.GroupState.PREPARING_REBALANCE;
import static io.semel.transactions.groups.GroupState.STABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;

class GroupStateTest {

    @Test
    void transitionsAreTheseAndNoOthers() {
        assertEquals(List.of(PREPARING_REBALANCE, DEAD), after(EMPTY));
        assertEquals(List.of(EMPTY, COMPLETING_REBALANCE), after(PREPARING_REBALANCE));
        assertEquals(List.of(EMPTY, PREPARING_REBALANCE, STABLE), after(COMPLETING_REBALANCE));
        assertEquals(List.of(EMPTY, PREPARING_REBALANCE), after(STABLE));
        assertEquals(List.of(), after(DEAD));
    }

    private static List<GroupState> after(GroupState state) {
        return Arrays.stream(GroupState.values()).filter(state::mayBecome).toList();
    }
}
