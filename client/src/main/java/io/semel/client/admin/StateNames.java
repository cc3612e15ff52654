package io.semel.client.admin;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** States as Kafka writes them: PreparingRebalance where the enum says PREPARING_REBALANCE. Stateless. */
final class StateNames {
    private StateNames() {
    }

    static String nameOf(Enum<?> state) {
        return Stream.of(state.name().split("_"))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }
}
