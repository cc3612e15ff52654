package io.semel.verify.history;

import java.util.HashSet;
import java.util.Set;

/**
 * Which processes announce their sends, and to which topics nobody sends unannounced. An answer of one that announces
 * is for an announced send, or comes twice; either way it hides nothing that was sent.
 *
 * <p>Thread rule: one thread.
 */
final class Announcements {
    private final Set<String> announcers = new HashSet<>();
    private final Set<String> announced = new HashSet<>();

    /** Topics to which somebody sends without a word before. */
    private final Set<String> silent = new HashSet<>();

    void announce(String process, String topic) {
        announcers.add(process);
        announced.add(topic);
    }

    boolean areOf(String process) {
        return announcers.contains(process);
    }

    /** There is an answer for which no announcement waits. */
    void miss(String process, String topic) {
        if (!areOf(process)) {
            silent.add(topic);
        }
    }

    boolean areOfEverySendTo(String topic) {
        return announced.contains(topic) && !silent.contains(topic);
    }
}
