package io.semel.verify.longrun;

import java.util.List;

/**
 * A part of a long run.
 *
 * @param commands what a person would type behind {@code ./semel verify}, one after the other; they share the goals
 */
public record Part(String name, List<Goal> goals, List<List<String>> commands) {
}
