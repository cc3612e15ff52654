package io.semel.transactions.groups.consumer;

import java.util.Optional;
import java.util.Set;

/**
 * What a member wants to read, and how it wants that shared.
 *
 * @param pattern empty for none
 */
record Subscription(Set<String> names, String pattern, Optional<String> assignor) {

    static final Subscription NONE = new Subscription(Set.of(), "", Optional.empty());

    Subscription {
        names = Set.copyOf(names);
    }

    /** Who joins says it all anew; others only what has changed. */
    Subscription after(ConsumerHeartbeat said) {
        Subscription before = said.joins() ? NONE : this;
        return new Subscription(said.topicNames().orElse(before.names), said.topicPattern().orElse(before.pattern),
                said.assignor().or(() -> before.assignor));
    }
}
