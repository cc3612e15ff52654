package io.semel.client.admin;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** States as Kafka writes them: PreparingRebalance where the enum says PREPARING_REBALANCE. Stateless. */
public final class StateNames {
    private StateNames() {
    }

    /** As Kafka's tools print it; any enum whose constants are words in capitals. */
    public static String nameOf(Enum<?> state) {
        return Stream.of(state.name().split("_"))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }
}
