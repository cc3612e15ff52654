package io.semel.verify.longrun;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a long run does.
 *
 * @param parts   in their order
 * @param leftOut names of those that it does not do
 * @param seed    of all of them
 * @param json    where the result is written for machines
 */
public record LongPlan(List<Part> parts, List<String> leftOut, long seed, Optional<Path> json) {
}
