package io.semel.verify.rdkafka;

import java.nio.file.Path;

/**
 * What a run does.
 *
 * @param directory where it works
 * @param seed      of lengths and contents
 */
public record RdkafkaPlan(Path directory, Kcat kcat, FillerSabotage sabotage, long seed) {
}
